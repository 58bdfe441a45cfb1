import { Component, onMounted, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { AgingBarField } from "../fields/aging_bar_field";
import { DaysBadgeField } from "../fields/days_badge_field";
import { Items } from "./items";

/** Who they are, what they owe, whether one may call now, whom to ask for, and what has been agreed. */
export class Debtor extends Component {
    static template = "cobranza_management.WorkbenchDebtor";
    static components = { AgingBarField, DaysBadgeField, Items };
    static props = { openCase: Function, select: Function, store: Object };

    setup() {
        this.nameRef = useRef("name");
        onMounted(() => {
            // who came by the keyboard goes on from the name; a reader says it
            if (document.activeElement?.matches("body, .o_cobranza_wb")) {
                this.nameRef.el.focus({ preventScroll: true });
            }
        });
    }

    get debtor() {
        return this.props.store.debtor;
    }

    /** What the field components of the case read. */
    get record() {
        return { data: this.debtor };
    }

    /** What is open in each currency, when that is not what the amount above is in. */
    get sums() {
        const { currencies, currency } = this.debtor;
        return currencies.length > 1 || currencies[0]?.code !== currency ? currencies : [];
    }

    get phone() {
        return this.debtor.channels.find((channel) => channel.code === "phone");
    }

    get refusal() {
        return _t("Do not call: %s", this.phone.reason);
    }

    /** The people one may ask for, those who may be called first; the first with a number has the key. */
    get contacts() {
        const contacts = [...this.debtor.contacts].sort((a, b) => Boolean(a.never) - Boolean(b.never));
        const first = contacts.find((contact) => contact.phone && !contact.never && !contact.wrong);
        return contacts.map((contact) => ({ ...contact, first: contact === first }));
    }

    dialled(contact) {
        this.props.store.spokenTo = contact.id;
    }

    /** What is agreed or open: [{id, icon, kind, text}], promises, plans, disputes, then tasks. */
    get agreements() {
        const { promises, plans, disputes, tasks } = this.debtor;
        const row = (kind, icon, one, text) => ({ id: `${kind}-${one.id}`, kind, icon, text });
        const state = (one) => one.state_label || one.state || "";
        return [
            ...promises.map((one) =>
                row("promised", "fa-handshake-o", one, _t("Promise %(amount)s · %(date)s · %(state)s", { ...one, state: state(one) }))
            ),
            ...plans.map((one) =>
                row("promised", "fa-calendar", one, [_t("Plan"), one.name, one.amount, state(one)].filter(Boolean).join(" · "))
            ),
            ...disputes.map((one) =>
                row("disputed", "fa-hand-paper-o", one, [_t("Dispute"), one.reason, one.item, one.amount, state(one)].filter(Boolean).join(" · "))
            ),
            ...tasks.map((one) =>
                row(one.late ? "late" : "task", "fa-check-square-o", one, [one.summary, one.date].filter(Boolean).join(" · "))
            ),
        ];
    }
}
