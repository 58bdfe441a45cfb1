import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { formatCurrency, getCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

import { DaysBadgeField } from "../fields/days_badge_field";
import { rangeOf, sumByCurrency } from "./workbench_logic";

/** Rows drawn at first and at each step: long books stay fast. */
const STEP = 60;

/** What is owed, item by item; what is selected feeds the promise, the dispute or the payment. */
export class Items extends Component {
    static template = "cobranza_management.WorkbenchItems";
    static components = { DaysBadgeField };
    static props = { items: Array, select: Function, selected: Array, total: Number };

    setup() {
        this.state = useState({ shown: STEP, focus: null });
        this.tableRef = useRef("table");
        this.endRef = useRef("end");
        useEffect(
            (end) => {
                if (end) {
                    const watcher = new IntersectionObserver(
                        (entries) => entries.some((one) => one.isIntersecting) && this.showMore(),
                        { rootMargin: "400px" }
                    );
                    watcher.observe(end);
                    return () => watcher.disconnect();
                }
            },
            () => [this.endRef.el, this.state.shown]
        );
    }

    showMore() {
        this.state.shown += STEP;
    }

    get rows() {
        return this.props.items.slice(0, this.state.shown);
    }

    dueOf(item) {
        return formatDate(deserializeDate(item.due));
    }

    /** A currency nobody uses any more is unknown to the client: its code says what it is. */
    amountOf(item) {
        const amount = formatCurrency(item.amount_raw, item.currency_id);
        return getCurrency(item.currency_id) ? amount : `${amount} ${item.currency}`;
    }

    get focused() {
        const known = this.props.items.some((item) => item.id === this.state.focus);
        return known ? this.state.focus : this.props.items[0]?.id;
    }

    get ids() {
        return this.props.items.map((item) => item.id);
    }

    get isAllSelected() {
        return this.props.items.length > 0 && this.props.selected.length === this.props.items.length;
    }

    get summary() {
        const sums = sumByCurrency(this.props.items, this.props.selected);
        const amounts = sums.map((sum) => `${formatFloat(sum.amount, { digits: [16, 2] })} ${sum.currency}`);
        return _t("%(count)s selected: %(amount)s", {
            count: this.props.selected.length,
            amount: amounts.join(" + "),
        });
    }

    /** What is beyond the items that the server sends. */
    get rest() {
        return _t("The oldest %(count)s of %(total)s; the rest is in the case.", {
            count: this.props.items.length,
            total: this.props.total,
        });
    }

    isSelected(item) {
        return this.props.selected.includes(item.id);
    }

    markOf(item) {
        return ["disputed", "promised"].includes(item.mark) ? item.mark : "";
    }

    toggleAll() {
        this.props.select(this.isAllSelected ? [] : this.ids);
    }

    /** Select or leave out one item; with Shift, everything from the last one touched. */
    toggle(item, event) {
        const { selected } = this.props;
        if (event.shiftKey && this.anchor) {
            this.props.select([...new Set([...selected, ...rangeOf(this.ids, this.anchor, item.id)])]);
        } else {
            this.props.select(
                this.isSelected(item)
                    ? selected.filter((id) => id !== item.id)
                    : [...selected, item.id]
            );
        }
        this.anchor = item.id;
        this.state.focus = item.id;
    }

    onMouseDown(event) {
        // Shift would select text between the rows
        if (event.shiftKey) {
            event.preventDefault();
        }
    }

    onKeydown(item, event) {
        const moves = { ArrowDown: 1, ArrowUp: -1 };
        if (event.key === " ") {
            event.preventDefault();
            this.toggle(item, event);
        } else if (event.key in moves && !event.altKey && !event.ctrlKey) {
            event.preventDefault();
            event.stopPropagation();
            this.focusRow(this.ids.indexOf(item.id) + moves[event.key], event.shiftKey);
        }
    }

    focusRow(place, extend) {
        const item = this.props.items[place];
        if (!item) {
            return;
        }
        if (extend) {
            this.anchor ??= this.focused;
            const range = rangeOf(this.ids, this.anchor, item.id);
            this.props.select([...new Set([...this.props.selected, ...range])]);
        }
        this.state.focus = item.id;
        this.state.shown = Math.max(this.state.shown, place + 2);
        requestAnimationFrame(() =>
            this.tableRef.el?.querySelector(`tr[data-item="${item.id}"]`)?.focus()
        );
    }
}
