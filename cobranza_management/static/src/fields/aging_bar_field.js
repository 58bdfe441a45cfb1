import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The debt by bucket: a stacked bar whose colour, height and pattern all grow with age. */
export class AgingBarField extends Component {
    static template = "cobranza_management.AgingBarField";
    static props = {
        ...standardFieldProps,
        legend: { type: Boolean, optional: true },
    };

    get segments() {
        return this.props.record.data[this.props.name] || [];
    }

    get ends() {
        const names = this.segments.map((segment) => segment.name);
        return names.length > 1 ? `${names.at(0)} ▸ ${names.at(-1)}` : names.join();
    }

    get description() {
        return this.segments.map((segment) => this.describe(segment)).join("; ");
    }

    describe(segment) {
        return segment.amount
            ? _t("%(bucket)s: %(amount)s (%(share)s%%)", {
                  bucket: segment.name,
                  amount: segment.amount,
                  share: Math.round(segment.share),
              })
            : segment.name;
    }
}

export const agingBarField = {
    component: AgingBarField,
    displayName: _t("Aging bar"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ legend: Boolean(options.legend) }),
};

registry.category("fields").add("cobranza_aging_bar", agingBarField);
