import { Component, onWillRender, useEffect, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { searchRows } from "./workbench_logic";

/** Whom to contact, by priority; then those who may not be contacted now, with the hour and the reason. */
export class Queue extends Component {
    static template = "cobranza_management.WorkbenchQueue";
    static props = {
        cursor: { type: [Number, { value: null }], optional: true },
        onRows: Function,
        open: Function,
        query: String,
        search: Function,
        store: Object,
    };

    setup() {
        this.listRef = useRef("list");
        onWillRender(() => {
            this.rows = searchRows(this.props.store.queue.rows, this.props.query);
            this.props.onRows(this.rows);
        });
        useEffect(
            () => {
                const current = this.listRef.el?.querySelector("[aria-current=true]");
                current?.scrollIntoView({ block: "nearest" });
            },
            () => [this.currentId]
        );
    }

    get currentId() {
        return this.props.cursor || this.props.store.caseId;
    }

    get firstWaiting() {
        return this.rows.find((row) => !row.available)?.id;
    }

    levelOf(row) {
        const levels = { high: _t("High priority"), medium: _t("Medium priority") };
        return levels[row.level] || _t("Low priority");
    }

    /** The whole name, which the row may cut, and why they are where they are. */
    tooltipOf(row) {
        return [row.name, row.available ? row.reason : row.why].filter(Boolean).join(" — ");
    }

    daysOf(row) {
        return row.days > 0 ? _t("%s d", row.days) : "";
    }

    kindOf(row) {
        const { days } = row;
        return days <= 0 ? "not_due" : days <= 30 ? "30" : days <= 60 ? "60" : days <= 90 ? "90" : "old";
    }

    /** Load the next page a screen before the end is reached. */
    onScroll() {
        const { scrollTop, scrollHeight, clientHeight } = this.listRef.el;
        const { store } = this.props;
        if (scrollHeight - scrollTop < 2 * clientHeight && store.hasMore) {
            store.loadQueue({ more: true });
        }
    }

    onSearchKeydown(event) {
        if (event.key === "Enter" && this.rows.length) {
            event.preventDefault();
            event.target.blur();
            this.props.open(this.rows[0].id);
            this.props.search("");
        }
    }
}
