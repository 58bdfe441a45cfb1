/** What the workbench decides without a screen or a server: keys, places in the queue, selections. */

/** The keys that are the workbench's own; an outcome that asks for one of them gets none. */
export const RESERVED_KEYS = new Set([
    ..."acdehijklnoprsw/?",
    "arrowdown",
    "arrowup",
    "backspace",
    "enter",
    "escape",
]);
const EDITABLE = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

/**
 * Return the key of an event in lower case, "" when it is somebody else's: typed into a field, part
 * of a shortcut of the browser or of Odoo, or of an input method. Escape is always heard.
 */
export function keyOf(event) {
    if (!event.key || event.isComposing || event.defaultPrevented) {
        return "";
    }
    if (event.altKey || event.ctrlKey || event.metaKey) {
        return "";
    }
    const key = event.key.toLowerCase();
    if (key !== "escape" && event.target?.closest?.(EDITABLE)) {
        return "";
    }
    // with Shift a digit is a sign, and which one depends on the keyboard
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code || "");
    return digit ? digit[1] : key;
}

/** Give each outcome the key it answers to: {key: outcome}; the first come, the first served. */
export function outcomesByKey(outcomes) {
    const found = {};
    for (const outcome of outcomes) {
        const key = (outcome.hotkey || "").toLowerCase();
        if (key && !RESERVED_KEYS.has(key) && !(key in found)) {
            found[key] = outcome;
        }
    }
    return found;
}

function simplify(text) {
    return (text || "")
        .normalize("NFD")
        .replace(/\p{Diacritic}/gu, "")
        .toLowerCase();
}

/** Return the rows whose name holds every word of the query; accents and case do not count. */
export function searchRows(rows, query) {
    const words = simplify(query).split(/\s+/).filter(Boolean);
    return rows.filter((row) => words.every((word) => simplify(row.name).includes(word)));
}

/** Return the row `step` places from the one with this id, the first when there is none; it stops at the ends. */
export function neighbour(rows, id, step) {
    const place = rows.findIndex((row) => row.id === id);
    if (place < 0) {
        return rows[0] || null;
    }
    return rows[Math.min(Math.max(place + step, 0), rows.length - 1)];
}

/**
 * Append a page to the rows: a debtor that moved between two pages is shown once, as it is now, and
 * whoever can be contacted comes before whoever cannot.
 */
export function mergeRows(rows, page) {
    const fresh = new Set(page.map((row) => row.id));
    const all = [...rows.filter((row) => !fresh.has(row.id)), ...page];
    return [...all.filter((row) => row.available), ...all.filter((row) => !row.available)];
}

/** Return the ids from one to the other, both included, whichever comes first. */
export function rangeOf(ids, anchor, id) {
    const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)].sort((a, b) => a - b);
    return from < 0 ? [id] : ids.slice(from, to + 1);
}

/** Add up the items with these ids: [{currency, amount, count}], one for each currency. */
export function sumByCurrency(items, ids) {
    const chosen = new Set(ids);
    const sums = new Map();
    for (const item of items) {
        if (chosen.has(item.id)) {
            const sum = sums.get(item.currency) || { currency: item.currency, amount: 0, count: 0 };
            sum.amount += item.amount_raw;
            sum.count += 1;
            sums.set(item.currency, sum);
        }
    }
    return [...sums.values()];
}

/** Return how much of the day's goal is done, 0 to 100. */
export function shareDone(done, goal) {
    return goal > 0 ? Math.min(100, Math.round((100 * done) / goal)) : 0;
}

/** The signs of a message on its way, as people know them from their phones. */
export function ticksOf(state) {
    const ticks = {
        refused: "fa-clock-o",
        queued: "fa-clock-o",
        sending: "fa-clock-o",
        sent: "fa-check",
        delivered: "o_cobranza_wb_twice fa-check",
        read: "o_cobranza_wb_twice o_cobranza_wb_read fa-check",
        replied: "fa-reply",
        failed: "fa-exclamation-triangle text-danger",
        unknown: "fa-question",
        cancelled: "fa-ban",
    };
    return ticks[state] || "";
}

/** Return when one may be asked to call again: [{code, moment}], luxon moments of today and after. */
export function callbackMoments(now) {
    const at = (day, hour) => day.set({ hour, minute: 0, second: 0, millisecond: 0 });
    const workday = (day) => (day.weekday > 5 ? workday(day.plus({ days: 1 })) : day);
    const tomorrow = workday(now.plus({ days: 1 }));
    const hour = now.plus({ minutes: 60 - (now.minute % 5) }).set({ second: 0, millisecond: 0 });
    const moments = [{ code: "hour", moment: hour }];
    if (now.hour < 14) {
        moments.push({ code: "afternoon", moment: at(now, 15) });
    }
    moments.push({ code: "tomorrow_morning", moment: at(tomorrow, 9) });
    moments.push({ code: "tomorrow_afternoon", moment: at(tomorrow, 15) });
    moments.push({ code: "week", moment: at(workday(now.plus({ days: 7 })), 9) });
    return moments;
}
