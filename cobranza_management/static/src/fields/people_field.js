import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The people behind a debtor, in the order in which they are contacted; who never is, struck through. */
export class PeopleField extends Component {
    static template = "cobranza_management.PeopleField";
    static props = { ...standardFieldProps };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    /** A link only where the contact guard lets that channel through now. */
    mayUse(channel) {
        const channels = this.props.record.data.channel_status || [];
        return channels.some((row) => row.code === channel && row.allowed);
    }
}

export const peopleField = {
    component: PeopleField,
    displayName: _t("People"),
    supportedTypes: ["json"],
};

registry.category("fields").add("cobranza_people", peopleField);
