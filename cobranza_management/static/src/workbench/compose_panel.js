import { Component, markup, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";

/** A message: chosen, read as they will get it, corrected, and sent through the gate. */
export class ComposePanel extends Component {
    static template = "cobranza_management.WorkbenchComposePanel";
    static props = { channel: String, close: Function, store: Object };

    setup() {
        this.formRef = useRef("form");
        this.bodyRef = useRef("body");
        this.state = useState({ draft: null, loading: true });
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onWillStart(() => {
            this.load(false);
        });
        useEffect(
            (draft) => {
                if (draft) {
                    const field = this.formRef.el.querySelector(".o_cobranza_wb_subject, .o_cobranza_wb_text");
                    field?.focus();
                }
            },
            () => [Boolean(this.state.draft)]
        );
    }

    async load(templateId) {
        this.state.loading = true;
        const { channel, store } = this.props;
        const draft = await store.call("compose", [store.caseId, channel, templateId]);
        this.state.loading = false;
        if (draft) {
            this.body = draft.body || "";
            this.state.draft = { ...draft, isHtml: /<\w/.test(this.body) };
        }
    }

    get label() {
        const { channel, store } = this.props;
        return store.debtor?.channels.find((one) => one.code === channel)?.label || channel;
    }

    /** A text on a phone has no subject. */
    get hasSubject() {
        return Boolean(this.state.draft.subject) && ["email", "letter"].includes(this.props.channel);
    }

    get templates() {
        const { channel, store } = this.props;
        return store.templates.filter(
            (one) =>
                (!one.channels?.length || one.channels.includes(channel)) &&
                (!one.company || one.company === store.debtor.company_id)
        );
    }

    /** The server's own words: they come from a sanitized field. */
    get html() {
        return markup(this.body);
    }

    onKeydown(event) {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            this.send();
        }
    }

    async send() {
        const { draft } = this.state;
        if (!draft?.allowed || this.state.loading) {
            return;
        }
        const body = draft.isHtml ? this.bodyRef.el.innerHTML : this.body;
        await this.props.store.send({ ...draft, channel: this.props.channel, body });
    }
}
