import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Milliseconds between two looks; a tab nobody sees does not look. */
const PATIENCE = 3000;

/** Percentage of a job in the background: it moves while you watch, and the form is read again once it is done. */
export class LiveProgressField extends Component {
    static template = "cobranza_management.LiveProgressField";
    static props = {
        ...standardFieldProps,
        runningState: { type: String, optional: true },
    };
    static defaultProps = { runningState: "running" };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ percent: this.props.record.data[this.props.name] || 0 });
        onMounted(() => {
            this.timer = setInterval(() => this.look(), PATIENCE);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        const { name, record, runningState } = this.props;
        if (this.looking || document.hidden || !record.resId) {
            return;
        }
        this.looking = true;
        try {
            const [now] = await this.orm.silent.read(record.resModel, [record.resId], [name, "state"]);
            this.state.percent = now[name];
            if (now.state !== runningState) {
                clearInterval(this.timer);
                await record.load();
            }
        } catch {
            // without a connection the bar stands still; the next look may do better
        } finally {
            this.looking = false;
        }
    }
}

export const liveProgressField = {
    component: LiveProgressField,
    displayName: _t("Live progress"),
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "state", type: "selection" }],
    extractProps: ({ options }) => ({ runningState: options.running }),
};

registry.category("fields").add("cobranza_live_progress", liveProgressField);
