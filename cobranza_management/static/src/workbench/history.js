import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { ticksOf } from "./workbench_logic";

const ICONS = {
    email: "fa-envelope-o",
    letter: "fa-file-text-o",
    note: "fa-sticky-note-o",
    payment: "fa-money",
    phone: "fa-phone",
    portal: "fa-globe",
    sms: "fa-commenting-o",
    visit: "fa-map-marker",
    whatsapp: "fa-whatsapp",
};

/** Everything said and sent, the latest first, with how far each message came. */
export class History extends Component {
    static template = "cobranza_management.WorkbenchHistory";
    static props = { correct: Function, correcting: [Object, { value: null }], rows: Array };

    iconOf(row) {
        return row.icon || ICONS[row.channel] || "fa-comment-o";
    }

    directionOf(row) {
        return row.direction === "in" ? _t("They wrote or called") : _t("We wrote or called");
    }

    ticksOf(row) {
        return ticksOf(row.state);
    }
}
