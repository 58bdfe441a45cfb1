import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Days late in the house's colours; a mark (disputed, promised) has its own and comes first. */
export class DaysBadgeField extends Component {
    static template = "cobranza_management.DaysBadgeField";
    static props = {
        ...standardFieldProps,
        dateField: { type: String, optional: true },
        edge: { type: Boolean, optional: true },
        markField: { type: String, optional: true },
        short: { type: Boolean, optional: true },
    };

    get days() {
        return this.props.record.data[this.props.name];
    }

    /** Without a due date, 0 stands for "no open item" and says nothing. */
    get isShown() {
        const { dateField, record } = this.props;
        return typeof this.days === "number" && (!dateField || Boolean(record.data[dateField]));
    }

    get kind() {
        const mark = this.props.markField && this.props.record.data[this.props.markField];
        if (mark === "disputed" || mark === "promised") {
            return mark;
        }
        if (this.days <= 0) {
            return "not_due";
        }
        return this.days <= 30 ? "30" : this.days <= 60 ? "60" : this.days <= 90 ? "90" : "old";
    }

    get label() {
        return this.props.short ? this.shortLabel : this.longLabel;
    }

    /** Where a column head says what the number is. */
    get shortLabel() {
        if (!this.days) {
            return _t("today");
        }
        if (this.days === 1) {
            return _t("1 day");
        }
        return this.days > 0 ? _t("%s days", this.days) : _t("in %s days", -this.days);
    }

    get longLabel() {
        if (this.days > 0) {
            return this.days === 1 ? _t("1 day late") : _t("%s days late", this.days);
        }
        if (!this.days) {
            return _t("due today");
        }
        return this.days === -1 ? _t("due tomorrow") : _t("due in %s days", -this.days);
    }
}

export const daysBadgeField = {
    component: DaysBadgeField,
    displayName: _t("Days late"),
    supportedTypes: ["integer"],
    extractProps: ({ options, viewType }) => ({
        dateField: options.date_field,
        edge: Boolean(options.edge),
        markField: options.mark_field,
        short: viewType === "list",
    }),
};

registry.category("fields").add("cobranza_days_badge", daysBadgeField);
