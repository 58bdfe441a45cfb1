import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = { email: "fa-envelope-o", letter: "fa-file-text-o", phone: "fa-phone" };

/** The steps of a strategy on a line of days, the due date in its place. */
export class LadderField extends Component {
    static template = "cobranza_management.LadderField";
    static props = { ...standardFieldProps };

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    get before() {
        return this.steps.filter((step) => step.offset < 0);
    }

    get after() {
        return this.steps.filter((step) => step.offset >= 0);
    }

    iconOf(channel) {
        return ICONS[channel.code] || "fa-comment-o";
    }

    dayOf(step) {
        if (!step.offset) {
            return _t("On the day");
        }
        return step.offset < 0
            ? _t("%s days before", -step.offset)
            : _t("%s days after", step.offset);
    }

    kindOf(step) {
        const days = step.offset;
        return days <= 0 ? "not_due" : days <= 30 ? "30" : days <= 60 ? "60" : days <= 90 ? "90" : "old";
    }

    repeatOf(step) {
        return step.repeat ? _t("again every %s days", step.repeat) : "";
    }
}

export const ladderField = {
    component: LadderField,
    displayName: _t("Strategy timeline"),
    supportedTypes: ["json"],
};

registry.category("fields").add("cobranza_ladder", ladderField);
