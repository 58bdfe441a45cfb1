import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Whether receivables tie to the trial balance: the whole ledger is added up for it, so nobody waits for the answer. */
export class TieBadges extends Component {
    static template = "cobranza_reports.TieBadges";
    static props = { board: Object };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ ties: null });
        onWillStart(() => void this.load());
        onWillUpdateProps(({ board }) => void (board !== this.props.board && this.load()));
    }

    /** Compare again whenever the board is read again: both are of the same moment. */
    async load() {
        this.state.ties = null;
        let ties = [];
        try {
            ties = await this.orm.call("cobranza.report.tie", "get_ties");
        } finally {
            this.state.ties = ties;
        }
    }

    titleOf(tie) {
        return tie.ties
            ? _t("Receivables by item: %(items)s. Trial balance: %(ledger)s.", tie)
            : _t("Receivables by item: %(items)s. Trial balance: %(ledger)s, of it %(without_debtor)s without a customer.", tie);
    }
}
