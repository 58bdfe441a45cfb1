import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = { email: "fa-envelope-o", letter: "fa-file-text-o", phone: "fa-phone" };
const LINKS = { email: "mailto:", phone: "tel:" };

/** Each channel: whom it reaches, and whether the contact guard lets it through now. */
export class ChannelStatusField extends Component {
    static template = "cobranza_management.ChannelStatusField";
    static props = { ...standardFieldProps };

    get channels() {
        return this.props.record.data[this.props.name] || [];
    }

    iconOf(channel) {
        return ICONS[channel.code] || "fa-comment-o";
    }

    linkOf(channel) {
        return channel.allowed && LINKS[channel.code] ? LINKS[channel.code] + channel.address : "";
    }
}

export const channelStatusField = {
    component: ChannelStatusField,
    displayName: _t("Channels"),
    supportedTypes: ["json"],
};

registry.category("fields").add("cobranza_channels", channelStatusField);
