import { Component, onMounted, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";

import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { parseMonetary } from "@web/views/fields/parsers";

import { callbackMoments, keyOf, sumByCurrency } from "./workbench_logic";

const { DateTime } = luxon;
const OTHER = "other";
const NOBODY = { contacts: [], currencies: [], items: [] };
/** What is asked first has the focus. */
const FIRST = ["input[type=radio]:checked", "input[type=radio]", "textarea"];
const asText = (amount) => formatFloat(amount, { digits: [16, 2] });

/** What an outcome asks, and nothing else. Digits choose a chip, Enter saves. */
export class OutcomePanel extends Component {
    static template = "cobranza_management.WorkbenchOutcomePanel";
    static props = { close: Function, outcome: Object, select: Function, store: Object };

    setup() {
        const { store } = this.props;
        this.formRef = useRef("form");
        this.state = useState({
            amount: "",
            chips: [],
            choice: "",
            contact: store.spokenTo || false,
            currency: "",
            error: "",
            note: "",
            other: "",
            reason: false,
            ready: false,
        });
        this.isAmountTouched = false;
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onWillStart(() => {
            // the panel opens at once; what the server proposes falls into it
            this.load();
        });
        onMounted(() => {
            // what has to be chosen in the table is not hidden behind the panel
            if (this.needsLines) {
                document.querySelector(".o_cobranza_wb_items")?.scrollIntoView({ block: "start" });
            }
        });
        useEffect(
            (ready) => {
                if (ready) {
                    const form = this.formRef.el;
                    FIRST.map((one) => form.querySelector(one)).find(Boolean)?.focus();
                }
            },
            () => [this.state.ready]
        );
        useEffect(
            (selected) => {
                if (selected && !this.isAmountTouched && this.asks("amount")) {
                    this.proposeAmount();
                }
            },
            () => [store.selected.length && store.selected]
        );
    }

    asks(what) {
        return this.props.outcome.asks.includes(what);
    }

    /** Whom it is about; nobody for the moment between saving and the next one. */
    get debtor() {
        return this.props.store.debtor || NOBODY;
    }

    get kind() {
        return this.asks("callback") ? "callback" : this.asks("date") ? "date" : "";
    }

    // --- what is proposed --------------------------------------------------------------------------

    async load() {
        const { store } = this.props;
        if (this.asks("reason")) {
            await store.loadReasons();
        }
        const wants = this.asks("amount") || this.kind === "date";
        this.defaults = wants ? await store.call("get_promise_defaults", [store.caseId]) : null;
        if (this.defaults) {
            this.currencyId = this.defaults.currency_id;
            this.state.currency = this.defaults.currency;
            const proposed = this.props.outcome.effect !== "instalments" && this.defaults.amount;
            this.state.amount = proposed ? asText(proposed) : "";
            this.proposeAmount();
        }
        this.state.chips = this.makeChips();
        this.state.choice = this.state.chips[0]?.value || (this.kind && OTHER);
        this.state.ready = true;
    }

    /** What is selected says how much; nothing selected leaves what the server proposes. */
    proposeAmount() {
        const { debtor } = this;
        const sums = sumByCurrency(debtor.items, this.props.store.selected);
        if (sums.length === 1 && sums[0].amount > 0) {
            const currency = debtor.currencies.find((one) => one.code === sums[0].currency);
            this.currencyId = currency?.id || this.currencyId;
            this.state.currency = sums[0].currency;
            this.state.amount = asText(sums[0].amount);
        }
    }

    makeChips() {
        if (this.kind === "callback") {
            return this.callbackChips();
        }
        if (this.kind !== "date") {
            return [];
        }
        const dates = this.props.outcome.effect === "paid" ? this.pastDates() : this.defaults?.dates;
        return (dates || []).map(({ label, date }) => ({
            label,
            value: date,
            hint: DateTime.fromISO(date).toLocaleString({ weekday: "short", day: "numeric", month: "short" }),
        }));
    }

    /** When they say they have paid. */
    pastDates() {
        const today = DateTime.now();
        return [_t("Today"), _t("Yesterday"), _t("2 days ago"), _t("3 days ago")].map((label, days) => ({
            label,
            date: serializeDate(today.minus({ days })),
        }));
    }

    callbackChips() {
        const labels = {
            hour: _t("In an hour"),
            afternoon: _t("This afternoon"),
            tomorrow_morning: _t("Next morning"),
            tomorrow_afternoon: _t("Next afternoon"),
            week: _t("In a week"),
        };
        return callbackMoments(DateTime.now()).map(({ code, moment }) => ({
            label: labels[code],
            value: serializeDateTime(moment),
            hint: moment.toLocaleString({ weekday: "short", hour: "2-digit", minute: "2-digit" }),
        }));
    }

    // --- what is shown -----------------------------------------------------------------------------

    get otherKey() {
        return this.state.chips.length + 1;
    }

    /** The reasons that a digit chooses: the first nine, unless the digits choose a day. */
    get numberedReasons() {
        const reasons = this.asks("reason") && !this.kind ? this.props.store.reasons : [];
        return (reasons || []).slice(0, 9);
    }

    get lines() {
        const { selected } = this.props.store;
        if (!selected.length) {
            return this.needsLines
                ? _t("Select in the table what it is about (click, or I and Space).")
                : _t("Everything overdue; select rows in the table for less.");
        }
        const sums = sumByCurrency(this.debtor.items, selected);
        return _t("%(count)s items: %(amount)s", {
            count: selected.length,
            amount: sums.map((sum) => `${asText(sum.amount)} ${sum.currency}`).join(" + "),
        });
    }

    get needsLines() {
        return this.props.outcome.effect === "dispute" && this.debtor.items.length > 1;
    }

    get people() {
        return this.debtor.contacts.filter((contact) => !contact.never);
    }

    // --- keys and answers --------------------------------------------------------------------------

    onKeydown(event) {
        const key = keyOf(event);
        if (key === "enter" && !event.target.closest?.("form, button, a, summary")) {
            event.preventDefault();
            this.submit();
            return;
        }
        if (key === "i" && this.asks("lines")) {
            event.preventDefault();
            document.querySelector(".o_cobranza_wb_items tr[tabindex='0']")?.focus();
            return;
        }
        const chip = this.state.chips[Number(key) - 1];
        const reason = this.numberedReasons[Number(key) - 1];
        if (reason) {
            event.preventDefault();
            this.state.reason = reason.id;
            this.formRef.el.querySelector(`#o_cobranza_wb_reason_${reason.id}`)?.focus();
        } else if (chip) {
            event.preventDefault();
            this.state.choice = chip.value;
            this.formRef.el.querySelector(`[data-chip="${key}"]`)?.focus();
        } else if (this.kind && key === String(this.otherKey)) {
            event.preventDefault();
            this.state.choice = OTHER;
            requestAnimationFrame(() => this.formRef.el?.querySelector(".o_cobranza_wb_other")?.focus());
        }
    }

    /** Enter saves in the note too; Shift+Enter is a new line. */
    onNoteKeydown(event) {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            this.submit();
        }
    }

    touchAmount(event) {
        this.isAmountTouched = true;
        this.state.amount = event.target.value;
    }

    selectAll() {
        this.props.select(this.debtor.items.map((item) => item.id));
    }

    async submit() {
        if (!this.state.ready || this.props.store.saving) {
            return;
        }
        const values = this.values();
        this.state.error = values.error || "";
        if (!values.error) {
            await this.props.store.record(this.props.outcome, values);
        }
    }

    /** Return what record_outcome wants, or {error: sentence}. */
    values() {
        const { note, reason, contact } = this.state;
        const { debtor } = this;
        const { selected } = this.props.store;
        const values = {
            ...(note.trim() && { note: note.trim() }),
            ...(contact && { contact_id: Number(contact) }),
        };
        if (this.asks("lines")) {
            const ids = selected.length || debtor.items.length > 1 ? selected : [debtor.items[0]?.id];
            values.line_ids = ids.filter(Boolean);
            if (this.needsLines && !values.line_ids.length) {
                return { error: _t("Select the items it is about first.") };
            }
        }
        if (this.asks("reason")) {
            if (!reason) {
                return { error: _t("Choose a reason.") };
            }
            values.reason_id = reason;
        }
        return { ...values, ...this.amountValues(), ...this.dateValues() };
    }

    amountValues() {
        if (!this.asks("amount")) {
            return {};
        }
        if (!this.state.amount.trim() && this.props.outcome.effect !== "promise") {
            return {};
        }
        try {
            const amount = parseMonetary(this.state.amount);
            if (amount > 0) {
                return { amount, ...(this.currencyId && { currency_id: this.currencyId }) };
            }
        } catch {
            // not a number: said below
        }
        return { error: _t("The amount must be a number above zero.") };
    }

    dateValues() {
        if (!this.kind) {
            return {};
        }
        const { choice, other } = this.state;
        const value = choice === OTHER ? this.otherValue(other) : choice;
        if (!value) {
            return { error: this.kind === "callback" ? _t("Choose when.") : _t("Choose a day.") };
        }
        return this.kind === "callback" ? { until: value } : { date: value };
    }

    otherValue(text) {
        return text && this.kind === "callback" ? serializeDateTime(DateTime.fromISO(text)) : text;
    }
}
