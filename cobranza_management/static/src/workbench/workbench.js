import { onWillStart, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { ComposePanel } from "./compose_panel";
import { Debtor } from "./debtor";
import { HelpPanel } from "./help_panel";
import { History } from "./history";
import { OutcomePanel } from "./outcome_panel";
import { Queue } from "./queue";
import { keyOf, neighbour, outcomesByKey, shareDone } from "./workbench_logic";
import { WorkbenchStore } from "./workbench_store";
import { WorkbenchTools } from "./workbench_tools";

/** A lease lasts ten minutes; it is renewed well before. */
const RENEW_EVERY = 4 * 60 * 1000;
/** How long a debtor is kept for somebody who is looking at another window, in milliseconds. */
const KEEP = 30 * 60 * 1000;
/** How long the cursor rests on a row of the queue before its debtor is opened, in milliseconds. */
const REST = 180;
const CHANNEL_KEYS = { w: "whatsapp", e: "email", s: "sms", r: "letter" };
const CHANNEL_ICONS = {
    whatsapp: "fa-whatsapp",
    email: "fa-envelope-o",
    sms: "fa-commenting-o",
    letter: "fa-file-text-o",
};

/** One screen, one debtor: what they owe, whom to reach, what was said, what happened, and the next one. */
export class Workbench extends WorkbenchTools {
    static template = "cobranza_management.Workbench";
    static components = { ComposePanel, Debtor, HelpPanel, History, Layout, OutcomePanel, Queue };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        const params = this.props.action.params || {};
        this.store = useState(
            new WorkbenchStore(this.orm, useService("notification"), params.user_id)
        );
        this.store.follow = (outcome, payload) => this.follow(outcome, payload);
        const saved = this.props.state || {};
        this.state = useState({ help: false, pane: saved.pane || "debtor", query: "", cursor: null });
        this.rootRef = useRef("root");
        this.display = { controlPanel: {} };
        this.openRested = useDebounced((id) => this.open(id), REST);
        useSetupAction({ getLocalState: () => ({ caseId: this.store.caseId, pane: this.state.pane }) });
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        useExternalListener(window, "pagehide", () => this.leaveAtOnce());
        useExternalListener(window, "online", () => this.retry());
        useExternalListener(document, "visibilitychange", () => this.renew());
        this.seen = Date.now();
        onWillStart(() => {
            // the frame is shown at once; the first debtor falls into it
            this.store.start(saved.caseId || params.case_id);
        });
        const timer = browser.setInterval(() => this.renew(), RENEW_EVERY);
        onWillUnmount(() => {
            browser.clearInterval(timer);
            this.store.isLeft = true;
            if (this.store.leased.length) {
                this.store.release(this.store.leased);
            }
        });
    }

    // --- what the templates read -------------------------------------------------------------------

    get share() {
        return shareDone(this.store.queue.done, this.store.queue.goal);
    }

    get progress() {
        const { done, goal } = this.store.queue;
        return goal ? _t("%(done)s of %(goal)s today", { done, goal }) : _t("%s today", done);
    }

    get busy() {
        return _t("%s is with this customer", this.store.busyWith);
    }

    get outcomeKeys() {
        return outcomesByKey(this.store.outcomes);
    }

    keyOfOutcome(outcome) {
        const entry = Object.entries(this.outcomeKeys).find(([, one]) => one.id === outcome.id);
        return entry ? entry[0].toUpperCase() : outcome.id === this.callback?.id ? "C" : "";
    }

    /** Every key an outcome answers to, as a screen reader is told. */
    shortcutsOf(outcome) {
        const also = outcome.id === this.callback?.id ? "C" : "";
        return [...new Set([this.keyOfOutcome(outcome), also])].filter(Boolean).join(" ");
    }

    /** The channels one may write through: [{code, key, label, icon, allowed, reason}]. */
    get writing() {
        return Object.entries(CHANNEL_KEYS)
            .map(([key, code]) => {
                const channel = this.store.debtor?.channels.find((one) => one.code === code);
                return channel && { ...channel, key, icon: CHANNEL_ICONS[code] };
            })
            .filter(Boolean);
    }

    /** The keys beside those of the outcomes: [{key, run, name, icon}]. */
    get tools() {
        const tools = [
            { key: "d", name: "dispute", label: _t("Dispute"), icon: "fa-hand-paper-o" },
            { key: "h", name: "hold", label: _t("Hold"), icon: "fa-pause" },
        ];
        if (this.store.debtor?.can_plan) {
            tools.unshift({ key: "a", name: "plan", label: _t("Payment plan"), icon: "fa-calendar" });
        }
        if (this.store.canPay) {
            tools.unshift({ key: "p", name: "pay", label: _t("Register payment"), icon: "fa-money" });
        }
        if (this.callback) {
            tools.push({ key: "c", name: "callback", label: _t("Call back"), icon: "fa-clock-o" });
        }
        return tools;
    }

    /** The tools that have a button; to be called back is among the outcomes already. */
    get toolButtons() {
        return this.tools.filter((tool) => tool.name !== "callback");
    }

    /** What a button says that has no room for words, and why it is shut. */
    hintOf(channel) {
        return [channel.label, channel.reason].filter(Boolean).join(" — ");
    }

    get callback() {
        return this.store.outcomes.find((outcome) => outcome.asks.includes("callback"));
    }

    get correctingWhat() {
        const { outcome, when } = this.store.correcting;
        return _t('In place of "%(outcome)s" (%(when)s): what really happened?', { outcome, when });
    }

    // --- keys --------------------------------------------------------------------------------------

    onKeydown(event) {
        if (this.ui.activeElement !== document || this.ui.isBlocked) {
            return;
        }
        const key = keyOf(event);
        const run = key && this.commandOf(key, event);
        if (run) {
            event.preventDefault();
            event.stopPropagation();
            run();
        }
    }

    /** Return what a key does now: with a panel open only Escape and the panel's own keys work. */
    commandOf(key, event) {
        if (key === "escape") {
            return this.escape(event);
        }
        if (this.state.help) {
            return key === "?" ? () => this.toggleHelp() : null;
        }
        if (this.store.panel) {
            return null;
        }
        const outcome = this.outcomeKeys[key];
        if (outcome && this.store.view === "debtor" && !event.repeat) {
            return () => this.choose(outcome, { note: event.shiftKey });
        }
        return this.navigationOf(key, event) || (event.repeat ? null : this.toolOf(key));
    }

    navigationOf(key, event) {
        const inItems = event.target?.closest?.(".o_cobranza_wb_items");
        const moves = { j: 1, k: -1, ...(inItems ? {} : { arrowdown: 1, arrowup: -1 }) };
        if (key in moves) {
            return () => this.move(moves[key]);
        }
        return null;
    }

    toolOf(key) {
        const always = {
            n: () => this.next(),
            "/": () => this.focus(".o_cobranza_wb_search input", "queue"),
            "?": () => this.toggleHelp(),
            i: () => this.focus(".o_cobranza_wb_items tr[tabindex='0']", "debtor"),
        };
        if (always[key]) {
            return always[key];
        }
        if (this.store.view !== "debtor") {
            return null;
        }
        if (this.writing.some((channel) => channel.key === key)) {
            return () => this.compose(CHANNEL_KEYS[key]);
        }
        const tool = this.tools.find((one) => one.key === key);
        const others = {
            o: () => this.openCase(),
            l: () => this.dial(),
            backspace: () => this.store.correctLast(),
        };
        return tool ? () => this.use(tool.name) : others[key];
    }

    escape(event) {
        if (this.state.help) {
            return () => this.toggleHelp();
        }
        if (this.store.panel) {
            return () => this.closePanel();
        }
        if (event.target?.closest?.(".o_cobranza_wb_search")) {
            return () => {
                this.search("");
                event.target.blur();
            };
        }
        if (this.store.correcting) {
            return () => this.stopCorrecting();
        }
        return this.store.selected.length ? () => this.select([]) : null;
    }

    focus(selector, pane) {
        this.state.pane = pane;
        browser.requestAnimationFrame(() => {
            const element = this.rootRef.el?.querySelector(selector);
            element?.focus();
            element?.select?.();
        });
    }

    toggleHelp() {
        this.state.help = !this.state.help;
    }

    // --- moving ------------------------------------------------------------------------------------

    async next() {
        if (this.store.saving) {
            return;
        }
        this.state.pane = "debtor";
        this.state.cursor = null;
        await this.store.next();
    }

    async open(id) {
        this.state.pane = "debtor";
        this.state.cursor = null;
        if (!this.store.saving && (id !== this.store.caseId || this.store.view !== "debtor")) {
            await this.store.open(id);
        }
    }

    move(step) {
        const from = this.state.cursor || this.store.caseId;
        const row = neighbour(this.visibleRows, from, step);
        if (row && row.id !== from) {
            this.state.cursor = row.id;
            this.openRested(row.id);
        }
    }

    get visibleRows() {
        return this.queueRows || this.store.queue.rows;
    }

    async search(query) {
        this.state.query = query;
        if (query && this.store.hasMore) {
            await this.store.loadWholeQueue();
        }
    }

    retry() {
        const { store } = this;
        return Promise.all([
            store.loadQueue(),
            store.view === "lost" ? (store.caseId ? store.open(store.caseId) : store.next()) : null,
        ]);
    }

    renew() {
        const isVisible = document.visibilityState === "visible";
        const isKept = isVisible || Date.now() - this.seen < KEEP;
        if (isVisible) {
            this.seen = Date.now();
        }
        return isKept ? this.store.renew() : null;
    }

    /** The page goes away: an ordinary call would be cut off with it. */
    leaveAtOnce() {
        const ids = this.store.leased;
        if (ids.length) {
            const params = { model: "cobranza.workbench", method: "release", args: [ids], kwargs: {} };
            const body = JSON.stringify({ id: 0, jsonrpc: "2.0", method: "call", params });
            const url = "/web/dataset/call_kw/cobranza.workbench/release";
            browser.navigator.sendBeacon(url, new Blob([body], { type: "application/json" }));
        }
    }

    // --- doing -------------------------------------------------------------------------------------

    /** Record an outcome that asks nothing at once; otherwise, or for a note, ask in the panel. */
    async choose(outcome, { note = false } = {}) {
        if (outcome.asks.length || note) {
            this.state.pane = "bar";
            this.store.openPanel({ kind: "outcome", outcome });
        } else {
            const { spokenTo } = this.store;
            await this.store.record(outcome, spokenTo ? { contact_id: spokenTo } : {});
        }
    }

    compose(channel) {
        this.state.pane = "bar";
        this.store.openPanel({ kind: "compose", channel });
    }

    closePanel() {
        this.state.pane = "debtor";
        this.store.closePanel();
        browser.requestAnimationFrame(() => this.rootRef.el?.focus());
    }

    correct(row) {
        this.state.pane = "bar";
        this.store.correct(row);
    }

    stopCorrecting() {
        this.store.correcting = null;
    }

    select(ids) {
        this.store.selected = ids;
    }

    use(name) {
        return this[`${name}Tool`]();
    }

    openCase() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cobranza.case",
            res_id: this.store.caseId,
            views: [[false, "form"]],
        });
    }

    openBoard() {
        return this.action.doAction("cobranza_management.cobranza_case_action");
    }

    dial() {
        this.rootRef.el?.querySelector(".o_cobranza_wb_contacts a[href^='tel:']")?.click();
    }
}

registry.category("actions").add("cobranza_workbench", Workbench);
