import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { BoardPage } from "./components";

/** Each collector beside the others, this period against the same days of the one before. */
export class TeamBoard extends BoardPage {
    static template = "cobranza_reports.TeamBoard";
    static model = "cobranza.report.team";
    static choices = { period: "week" };

    get periods() {
        return [
            { value: "week", name: _t("This week") },
            { value: "month", name: _t("This month") },
        ];
    }

    get heads() {
        return [_t("Portfolio"), _t("Contacts"), _t("Right Party"), _t("Promises Taken"), _t("Promises Kept"), _t("Collected")];
    }

    get compared() {
        return _t("%(now)s against %(before)s", { now: this.state.board.range, before: this.state.board.range_before });
    }

    get noRows() {
        return this.state.board.rows.length ? "" : _t("Nobody has cases yet. Make teams, or give cases to people.");
    }

    get noMoney() {
        return this.state.board.chart.labels.length ? "" : _t("Nothing was collected in these days.");
    }

    get chart() {
        const { labels, now, before, currency } = this.state.board.chart;
        const bars = (label, data, color) => ({ label, data, backgroundColor: color, borderRadius: 4, maxBarThickness: 36 });
        return {
            type: "bar",
            data: { labels, datasets: [bars(_t("Before"), before, "#b8c0c8"), bars(_t("Now"), now, "#0b4f6c")] },
            options: {
                scales: {
                    x: { grid: { display: false } },
                    y: { beginAtZero: true, title: { display: true, text: currency } },
                },
            },
        };
    }

    openTile(tile) {
        return this.openFrom("action_open", [tile.key, this.state.period, this.state.companyId]);
    }

    openCell(row, cell) {
        return this.openFrom("action_open", [cell.key, this.state.period, this.state.companyId, row.user_id]);
    }
}

registry.category("actions").add("cobranza_report_team", TeamBoard);
