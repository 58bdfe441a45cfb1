import { markRaw, reactive } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

import { mergeRows } from "./workbench_logic";

const MODEL = "cobranza.workbench";
const PAGE = 40;
/** What the server says in words for the person who works; anything else is a fault. */
const SENTENCES = new Set([
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
]);

/**
 * The state of the workbench and its talk with the server.
 *
 * One debtor is shown, the one after is already here ("ahead"), and both are leased to us; whatever
 * we leave is given back. An answer that comes when something else is shown is dropped.
 */
export class WorkbenchStore {
    /** @param {number} [owner] the collector whose queue a supervisor looks at */
    constructor(orm, notification, owner) {
        this.owner = owner || null;
        this.orm = markRaw(orm);
        this.notification = markRaw(notification);
        this.ahead = null;
        this.turn = 0;
        return reactive(this, () => {});
    }

    queue = { rows: [], total: 0, waiting: 0, done: 0, goal: 0, loading: false, isStale: false };
    outcomes = [];
    templates = [];
    canPay = false;
    reasons = null;
    /** 'loading', 'debtor', 'busy', 'empty' or 'lost' (what is wanted could not be loaded). */
    view = "loading";
    debtor = null;
    caseId = null;
    busyWith = "";
    message = "";
    selected = [];
    panel = null;
    /** The row of the history that is recorded anew: the next outcome takes its place. */
    correcting = null;
    saving = false;
    /** What the server answered in words instead of doing it. */
    problem = "";
    offline = false;
    /** Whose number was dialled last: whom an outcome is about unless told otherwise. */
    spokenTo = null;
    handled = {};
    /** The screen is gone; a notification that is still there opens nobody. */
    isLeft = false;
    /** What the screen has follow an outcome before the next debtor comes: true when something does. */
    follow = null;

    // --- talking -----------------------------------------------------------------------------------

    /** Call the server; a sentence it says is kept as the problem, and so is a lost connection: both give null. */
    async call(method, args, { silent = false } = {}) {
        try {
            const result = await (silent ? this.orm.silent : this.orm).call(MODEL, method, args);
            this.offline = false;
            return result;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.offline = true;
            } else if (error instanceof RPCError && SENTENCES.has(error.exceptionName)) {
                this.problem = error.data.message;
            } else {
                throw error;
            }
            return null;
        }
    }

    // --- the queue ---------------------------------------------------------------------------------

    async loadQueue({ more = false } = {}) {
        const { queue } = this;
        if (queue.loading) {
            queue.isStale = !more;
            return;
        }
        queue.loading = true;
        const limit = more ? PAGE : Math.max(PAGE, queue.rows.length);
        const offset = more ? queue.rows.length : 0;
        const page = await this.call("get_queue", [offset, limit, this.owner], { silent: true });
        queue.loading = false;
        if (page) {
            queue.rows = mergeRows(more ? queue.rows : [], page.cases);
            queue.total = page.total;
            queue.waiting = page.waiting;
            queue.done = page.done_today;
            queue.goal = page.goal;
            this.outcomes = page.outcomes;
            this.templates = page.templates;
            this.canPay = page.can_pay;
        }
        if (queue.isStale) {
            queue.isStale = false;
            await this.loadQueue();
        }
    }

    get hasMore() {
        return this.queue.rows.length < this.queue.total;
    }

    /** Load what is missing, for a search must not overlook anybody. */
    async loadWholeQueue() {
        let before = -1;
        while (this.hasMore && this.queue.rows.length > before) {
            before = this.queue.rows.length;
            await this.loadQueue({ more: true });
        }
    }

    // --- the debtor --------------------------------------------------------------------------------

    async start(caseId) {
        await Promise.all([this.loadQueue(), caseId ? this.open(caseId) : this.next()]);
    }

    /** Show a debtor of one's choice. */
    async open(caseId) {
        const turn = ++this.turn;
        if (caseId !== this.caseId) {
            const isHere = this.ahead?.id === caseId;
            this.leave();
            this.caseId = caseId;
            this.view = isHere ? "debtor" : "loading";
            this.debtor = isHere ? this.ahead : null;
            if (isHere) {
                this.ahead = null;
            }
        }
        return this.settle(turn, await this.call("open_case", [caseId]));
    }

    /** Show the next debtor: at once when it is already here. */
    async next() {
        const turn = ++this.turn;
        const after = this.caseId;
        const { ahead } = this;
        this.ahead = null;
        this.leave(ahead?.id);
        let answer = null;
        if (ahead) {
            this.put(ahead);
            answer = await this.call("open_case", [ahead.id], { silent: true });
        }
        if (turn === this.turn && (!ahead || answer?.busy)) {
            this.view = "loading";
            answer = await this.call("next_case", [after, this.owner]);
        }
        return this.settle(turn, answer);
    }

    /** Show the answer and fetch the one after; what comes too late is given back. */
    async settle(turn, answer) {
        if (turn === this.turn) {
            this.put(answer);
            await this.prefetch(turn);
        } else {
            this.drop(answer);
        }
    }

    drop(answer) {
        if (answer?.id && !this.leased.includes(answer.id)) {
            this.release([answer.id]);
        }
    }

    /** Fetch the debtor after this one, so that "next" has nothing to wait for. */
    async prefetch(turn) {
        if (this.view !== "debtor" || this.ahead) {
            return;
        }
        const answer = await this.call("peek_next", [this.caseId, this.owner], { silent: true });
        if (turn === this.turn && answer?.id) {
            this.ahead = this.readable(answer);
        } else {
            this.drop(answer);
        }
    }

    /** Show an answer of the server: a debtor, who has it, that there is nobody, or that it never came. */
    put(answer) {
        if (!answer) {
            this.view = this.debtor ? "debtor" : "lost";
        } else if (answer.busy) {
            Object.assign(this, { view: "busy", busyWith: answer.busy, debtor: null });
        } else if (answer.empty) {
            Object.assign(this, { view: "empty", message: answer.message, debtor: null });
            this.caseId = null;
        } else {
            if (answer.id !== this.debtor?.id) {
                Object.assign(this, { selected: [], spokenTo: null });
            }
            Object.assign(this, { view: "debtor", caseId: answer.id });
            this.debtor = this.readable(answer);
        }
    }

    /** Prepare what the templates read: nothing they use is missing. */
    readable(payload) {
        const lists = ["items", "history", "promises", "disputes", "plans", "tasks", "contacts"];
        const empty = Object.fromEntries([...lists, "channels", "currencies"].map((name) => [name, []]));
        return { ...empty, ...payload };
    }

    /** Put a fresher picture of the same debtor; it must not disturb who is typing. */
    refresh(payload) {
        if (payload?.id && payload.id === this.caseId) {
            this.debtor = this.readable(payload);
            const known = new Set(this.debtor.items.map((item) => item.id));
            this.selected = this.selected.filter((id) => known.has(id));
        }
    }

    /** Keep the lease and the picture of the debtor on the screen. */
    async renew() {
        const { caseId } = this;
        if (this.view !== "debtor" || this.saving) {
            return;
        }
        const answer = await this.call("open_case", [caseId], { silent: true });
        if (answer?.busy && caseId === this.caseId && !this.panel) {
            this.put(answer);
        } else {
            this.refresh(answer);
        }
    }

    leave(kept) {
        const { caseId } = this;
        Object.assign(this, { panel: null, problem: "", selected: [], debtor: null, correcting: null });
        if (caseId && caseId !== kept && caseId !== this.ahead?.id) {
            this.release([caseId]);
        }
    }

    release(ids) {
        return this.call("release", [ids], { silent: true });
    }

    get leased() {
        const current = this.view === "debtor" || this.view === "loading" ? this.caseId : null;
        return [current, this.ahead?.id].filter(Boolean);
    }

    // --- what happened -----------------------------------------------------------------------------

    async record(outcome, values) {
        if (this.saving) {
            return;
        }
        const { caseId, correcting, debtor } = this;
        const replaces = correcting ? { replaces_id: correcting.id } : {};
        const result = await this.saved("record_outcome", [
            caseId,
            outcome.id,
            { ...values, ...replaces },
        ]);
        if (result) {
            this.handled = { ...this.handled, [caseId]: true };
            this.say(result.message, debtor.name, [
                { name: _t("Correct"), onClick: () => this.correctLast(caseId) },
            ]);
            this.correcting = null;
            if (this.follow?.(outcome, result.payload)) {
                this.panel = null; // this debtor stays until what follows is done
                this.refresh(result.payload);
            } else {
                await this.next();
            }
            await this.loadQueue();
        }
    }

    async send(draft) {
        if (this.saving) {
            return;
        }
        const { caseId, debtor } = this;
        const { channel, template_id, subject, body } = draft;
        const result = await this.saved("send_message", [
            caseId,
            channel,
            template_id || false,
            subject || "",
            body,
        ]);
        if (result) {
            this.panel = null;
            this.say(result.message, debtor.name);
            this.refresh(result.payload);
            await this.loadQueue();
        }
    }

    async saved(method, args) {
        this.saving = true;
        this.problem = "";
        try {
            return await this.call(method, args);
        } finally {
            this.saving = false;
        }
    }

    say(message, title, buttons = []) {
        this.notification.add(message, { title, type: "success", buttons });
    }

    /** Take back the last outcome that may be: the next one is recorded in its place. */
    async correctLast(caseId = this.caseId) {
        if (this.saving || this.isLeft) {
            return;
        }
        if (caseId !== this.caseId) {
            await this.open(caseId);
        }
        const last = this.debtor?.history.find((row) => row.can_correct);
        if (last && caseId === this.caseId) {
            this.correct(last);
        }
    }

    correct(row) {
        Object.assign(this, { panel: null, problem: "", correcting: row });
    }

    async loadReasons() {
        this.reasons ||= await this.orm.searchRead("cobranza.dispute.reason", [], ["name"]);
        return this.reasons;
    }

    // --- panels ------------------------------------------------------------------------------------

    openPanel(panel) {
        if (this.view === "debtor" && !this.saving) {
            this.problem = "";
            this.panel = panel;
        }
    }

    closePanel() {
        this.panel = null;
        this.problem = "";
    }
}
