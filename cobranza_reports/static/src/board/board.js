import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { BoardPage } from "./components";
import { TieBadges } from "./tie_badges";

/** Where receivables stand: tiles, the line of DSO, what is open by age, and who owes it. */
export class ReportBoard extends BoardPage {
    static template = "cobranza_reports.Board";
    static components = { ...BoardPage.components, TieBadges };
    static model = "cobranza.report.board";
    static choices = { period: 12 };

    get periods() {
        return this.state.board.periods.map((months) => ({ value: months, name: _t("%s months", months) }));
    }

    get noSeries() {
        return this.state.board.series.dso.every((value) => value === null)
            ? _t("The line starts with the first whole month that has sales.")
            : "";
    }

    get noDebtors() {
        return this.state.board.debtors.length ? "" : _t("Nobody is late. What falls due unpaid will be listed here.");
    }

    /** One line for DSO, one for the best possible, a dashed one for the target. */
    get chart() {
        const { series } = this.state.board;
        const line = (label, data, color, more = {}) => ({
            label,
            data,
            borderColor: color,
            backgroundColor: color,
            borderWidth: 2,
            pointRadius: 2,
            tension: 0.25,
            spanGaps: true,
            ...more,
        });
        const datasets = [
            line(_t("DSO"), series.dso, "#0b4f6c"),
            line(_t("Best possible DSO"), series.best_dso, "#1d7a3c", { pointStyle: "rect" }),
        ];
        if (series.target) {
            const target = series.labels.map(() => series.target);
            datasets.push(line(_t("Target"), target, "#6b3fa0", { borderDash: [6, 4], pointRadius: 0 }));
        }
        return {
            type: "line",
            data: { labels: series.labels, datasets },
            options: {
                scales: {
                    x: { grid: { display: false } },
                    y: { beginAtZero: true, title: { display: true, text: _t("days") } },
                },
            },
        };
    }

    // --- what is behind a figure -------------------------------------------------------------------

    openTile(tile) {
        const now = ["receivable", "overdue", "delinquency"].includes(tile.key);
        const name = now ? "cobranza_report_aging_action" : "cobranza_report_month_action";
        return this.action.doAction(`cobranza_reports.${name}`, {
            additionalContext: {
                search_default_company_id: this.state.companyId,
                ...(tile.key === "overdue" && { search_default_overdue: 1 }),
            },
        });
    }

    openBucket(bucket) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: bucket.name,
            res_model: "cobranza.report.aging",
            views: [[false, "list"], [false, "pivot"]],
            domain: [["aging_bucket_id", "=", bucket.id], ["company_id", "=", this.state.companyId]],
        });
    }

    openCase(debtor) {
        return this.openRecord("cobranza.case", debtor.case_id);
    }
}

registry.category("actions").add("cobranza_report_board", ReportBoard);
