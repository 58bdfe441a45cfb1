import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const WIDTH = 120;
const HEIGHT = 28;

/** The points of a small line through `values`, which may have gaps; "" when there is nothing to draw. */
export function sparkPoints(values, width = WIDTH, height = HEIGHT) {
    const known = values.filter((value) => value !== null);
    if (known.length < 2) {
        return "";
    }
    const low = Math.min(...known);
    const span = Math.max(...known) - low || 1;
    const step = width / (values.length - 1);
    return values
        .map((value, place) =>
            value === null ? null : `${(place * step).toFixed(1)},${(height - 2 - ((value - low) / span) * (height - 4)).toFixed(1)}`
        )
        .filter(Boolean)
        .join(" ");
}

/** Where receivables stand: tiles, the line of DSO, what is open by age, and who owes it. */
export class ReportBoard extends Component {
    static template = "cobranza_reports.Board";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.display = { controlPanel: {} };
        const saved = this.props.state || {};
        this.state = useState({ board: null, months: saved.months || 12, companyId: saved.companyId || false });
        // whoever looks behind a figure comes back to the same months and company
        useSetupAction({
            getLocalState: () => ({ months: this.state.months, companyId: this.state.companyId }),
        });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        this.state.board = await this.orm.call("cobranza.report.board", "get_board", [
            this.state.months,
            this.state.companyId,
        ]);
        this.state.companyId = this.state.board.company_id;
    }

    async choose(values) {
        Object.assign(this.state, values);
        await this.load();
    }

    tieTitle(tie) {
        return tie.ties
            ? _t("Receivables by item: %(items)s. Trial balance: %(ledger)s.", tie)
            : _t("Receivables by item: %(items)s. Trial balance: %(ledger)s, of it %(without_debtor)s without a customer.", tie);
    }

    spark(tile) {
        return sparkPoints(tile.spark);
    }

    get hasSeries() {
        return this.state.board.series.dso.some((value) => value !== null);
    }

    /** One line for DSO, one for the best possible, a dashed one for the target. */
    draw() {
        const { series } = this.state.board;
        const drawn = JSON.stringify(series);
        if (!this.canvas.el) {
            this.drawn = null;
            return;
        }
        if (drawn === this.drawn) {
            return;
        }
        this.drawn = drawn;
        this.chart?.destroy();
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
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type: "line",
            data: { labels: series.labels, datasets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { intersect: false, mode: "index" },
                plugins: { legend: { position: "bottom", labels: { usePointStyle: true } } },
                scales: {
                    x: { grid: { display: false } },
                    y: { beginAtZero: true, title: { display: true, text: _t("days") } },
                },
            },
        });
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
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cobranza.case",
            res_id: debtor.case_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("cobranza_report_board", ReportBoard);
