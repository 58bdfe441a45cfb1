import { registry } from "@web/core/registry";
import {
    badgeSelectionField,
    BadgeSelectionField,
} from "@web/views/fields/badge_selection/badge_selection_field";

/** Badges to choose from that the keyboard reaches, too: Odoo's own only know the mouse. */
export class ChoiceField extends BadgeSelectionField {
    static template = "cobranza_management.ChoiceField";
}

registry.category("fields").add("cobranza_choice", { ...badgeSelectionField, component: ChoiceField });
