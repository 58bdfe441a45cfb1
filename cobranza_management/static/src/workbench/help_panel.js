import { Component, onMounted, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

/** Every key there is, and what it does. */
export class HelpPanel extends Component {
    static template = "cobranza_management.WorkbenchHelp";
    static props = {
        close: Function,
        keyOfOutcome: Function,
        outcomes: Array,
        tools: Array,
        writing: Array,
    };

    setup() {
        this.closeRef = useRef("close");
        onMounted(() => this.closeRef.el.focus());
    }

    /** [{title, rows: [{id, key, text}]}] */
    get groups() {
        const { outcomes, tools, writing } = this.props;
        const move = [
            ["N", _t("Next debtor")],
            ["J ↓", _t("Down the queue")],
            ["K ↑", _t("Up the queue")],
            ["/", _t("Find in the queue")],
            ["O", _t("Open the case")],
            ["Esc", _t("Close what is open")],
        ];
        const items = [
            ["I", _t("Go to the items")],
            ["↑ ↓", _t("Move in the items")],
            [_t("Space"), _t("Select or leave out")],
            ["⇧ ↑ ↓", _t("Select several")],
        ];
        const happened = [
            ...outcomes.map((outcome) => [this.props.keyOfOutcome(outcome), outcome.name]),
            [_t("⇧ + key"), _t("The same, with a note")],
            ["⌫", _t("Correct the last one")],
        ];
        const act = [
            ["L", _t("Call")],
            ...writing.map((channel) => [channel.key.toUpperCase(), channel.label]),
            ...tools.map((tool) => [tool.key.toUpperCase(), tool.label]),
        ];
        return [
            [_t("What happened?"), happened],
            [_t("Do"), act],
            [_t("Move"), move],
            [_t("Items"), items],
        ].map(([title, rows]) => ({
            title,
            rows: rows.filter(([key]) => key).map(([key, text], id) => ({ id, key, text })),
        }));
    }
}
