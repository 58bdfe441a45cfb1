import { Component } from "@odoo/owl";

/** What the workbench does in a dialog, over the debtor in front; whoever extends it has store, action and orm. */
export class WorkbenchTools extends Component {
    callbackTool() {
        return this.choose(this.callback);
    }

    holdTool() {
        return this.openDialog("cobranza_management.cobranza_hold_wizard_action", {
            active_ids: [this.store.caseId],
            default_case_ids: [this.store.caseId],
        });
    }

    planTool(onClose) {
        const { caseId, selected } = this.store;
        const lines = selected.length ? { default_line_ids: [...selected] } : {};
        const context = {
            active_id: caseId,
            default_case_id: caseId,
            default_stays: true,
            dialog_size: "extra-large",
            ...lines,
        };
        return this.openDialog("cobranza_management.cobranza_plan_wizard_action", context, onClose);
    }

    /** Who needs instalments is offered a plan while they are there; whoever leaves it has the task, and goes on. */
    follow(outcome, payload) {
        if (outcome.effect !== "instalments" || !payload?.can_plan) {
            return false;
        }
        this.planTool(() => this.next()).catch((error) => {
            this.next();
            throw error;
        });
        return true;
    }

    disputeTool() {
        const lines = this.store.selected.length ? { default_line_ids: [...this.store.selected] } : {};
        return this.openDialog("cobranza_management.cobranza_dispute_wizard_action", {
            default_case_id: this.store.caseId,
            ...lines,
        });
    }

    async payTool() {
        const { caseId, selected } = this.store;
        const args = [[caseId], [...selected]];
        // several payments would open their list, and the workbench be gone
        return this.openDialog(
            await this.orm.call("cobranza.case", "action_register_payment", args),
            { dont_redirect_to_payments: true }
        );
    }

    openDialog(action, additionalContext = {}, onClose = () => this.store.renew()) {
        return this.action.doAction(action, {
            additionalContext,
            onClose: () => Promise.all([onClose(), this.store.loadQueue()]),
        });
    }
}
