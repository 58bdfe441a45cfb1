import { registry } from "@web/core/registry";
import {
    callbackMoments,
    keyOf,
    mergeRows,
    neighbour,
    outcomesByKey,
    rangeOf,
    searchRows,
    shareDone,
    sumByCurrency,
} from "@cobranza_management/workbench/workbench_logic";

const { DateTime } = luxon;

function equal(found, expected) {
    const [left, right] = [found, expected].map((one) => JSON.stringify(one));
    if (left !== right) {
        throw new Error(`${left} instead of ${right}`);
    }
}

const press = (key, more = {}) => keyOf({ key, target: document.body, ...more });
const ids = (rows) => rows.map((row) => row.id);

const CASES = {
    "a key is heard in lower case, Shift or not": () => {
        equal(press("N", { shiftKey: true }), "n");
        equal(press('"', { code: "Digit2", shiftKey: true }), "2");
        equal(press("2", { code: "Numpad2" }), "2");
    },
    "a key typed into a field, or part of a shortcut, is not ours": () => {
        for (const tag of ["input", "textarea", "select"]) {
            equal(press("n", { target: document.createElement(tag) }), "");
        }
        const letter = document.createElement("div");
        letter.innerHTML = "<div contenteditable='true'><p>Dear</p></div>";
        equal(press("n", { target: letter.querySelector("p") }), "");
        equal(press("n", { ctrlKey: true }), "");
        equal(press("n", { altKey: true }), "");
        equal(press("n", { isComposing: true }), "");
        equal(press("Escape", { target: document.createElement("input") }), "escape");
    },
    "an outcome never takes a key of the workbench, nor one already taken": () => {
        const found = outcomesByKey([
            { id: 1, hotkey: "1" },
            { id: 2, hotkey: "N" },
            { id: 3, hotkey: "1" },
            { id: 4, hotkey: "" },
        ]);
        equal(Object.entries(found).map(([key, one]) => [key, one.id]), [["1", 1]]);
    },
    "the search holds every word, without accents or case": () => {
        const rows = [{ id: 1, name: "Compañía Lácteos Ñuñoa" }, { id: 2, name: "Lacteos del Sur" }];
        equal(ids(searchRows(rows, "LACTEOS nun")), [1]);
        equal(ids(searchRows(rows, " ")), [1, 2]);
    },
    "the cursor stops at both ends of the queue": () => {
        const rows = [{ id: 1 }, { id: 2 }];
        equal(neighbour(rows, 1, -1).id, 1);
        equal(neighbour(rows, 1, 1).id, 2);
        equal(neighbour(rows, 2, 1).id, 2);
        equal(neighbour(rows, 99, 1).id, 1);
        equal(neighbour([], 1, 1), null);
    },
    "pages join without doubles, whoever waits at the end": () => {
        const rows = [{ id: 1, available: true }, { id: 2, available: false }];
        const page = [{ id: 1, available: false }, { id: 3, available: true }];
        equal(ids(mergeRows(rows, page)), [3, 2, 1]);
    },
    "a range goes both ways": () => {
        equal(rangeOf([1, 2, 3, 4], 3, 1), [1, 2, 3]);
        equal(rangeOf([1, 2, 3, 4], 9, 2), [2]);
    },
    "currencies are never added to each other": () => {
        const items = [
            { id: 1, currency: "PEN", amount_raw: 10 },
            { id: 2, currency: "USD", amount_raw: 5 },
            { id: 3, currency: "PEN", amount_raw: -4 },
        ];
        equal(sumByCurrency(items, [1, 2, 3]), [
            { currency: "PEN", amount: 6, count: 2 },
            { currency: "USD", amount: 5, count: 1 },
        ]);
    },
    "the share of a goal": () => {
        equal([shareDone(0, 0), shareDone(1, 3), shareDone(9, 3)], [0, 33, 100]);
    },
    "a call back is in the future and not at the weekend": () => {
        for (const now of ["2026-03-06T13:57:31", "2026-03-07T23:50:00", "2026-03-04T09:00:00"]) {
            const start = DateTime.fromISO(now);
            const moments = callbackMoments(start);
            equal(moments.every(({ moment }) => moment > start), true);
            equal(moments.slice(1).every(({ code, moment }) => code === "afternoon" || moment.weekday < 6), true);
            equal(moments.length, start.hour < 14 ? 5 : 4);
        }
    },
};

registry.category("web_tour.tours").add("cobranza_workbench_logic", {
    steps: () =>
        Object.entries(CASES).map(([content, run]) => ({ content, trigger: "body", run })),
});
