import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { BoardPage } from "./components";

/** Where contacts are lost on the way to money, by channel and by step. */
export class StrategyBoard extends BoardPage {
    static template = "cobranza_reports.StrategyBoard";
    static model = "cobranza.report.strategy";
    static choices = { period: 90 };

    get periods() {
        return this.state.board.periods.map((days) => ({ value: days, name: _t("%s days", days) }));
    }

    get channelHeads() {
        return [_t("Contacts"), _t("Reached"), _t("Right Party"), _t("Promises"), _t("Promise to Cash"), _t("Collected")];
    }

    get stepHeads() {
        return [_t("Adherence"), _t("Delivered"), _t("Replied"), _t("Failed"), _t("Promises"), _t("Collected")];
    }

    get noContacts() {
        return this.state.board.channels.length ? "" : _t("No contacts in these days. Every call and message will be counted here.");
    }

    get noSteps() {
        return this.state.board.steps.length ? "" : _t("No step was due in these days.");
    }

    get chart() {
        const { labels, stages } = this.state.board.chart;
        const datasets = stages.map(({ name, color, values }) => ({
            label: name,
            data: values,
            backgroundColor: color,
            borderRadius: 4,
            maxBarThickness: 30,
        }));
        return {
            type: "bar",
            data: { labels, datasets },
            options: { scales: { x: { grid: { display: false } }, y: { beginAtZero: true } } },
        };
    }

    open(key, value = null) {
        return this.openFrom("action_open", [key, value, this.state.period, this.state.companyId]);
    }
}

registry.category("actions").add("cobranza_report_strategy", StrategyBoard);
