import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { BoardPage } from "./components";

/** The day: who is to be worked on, what leaves, what falls due, what is late. */
export class OperationsBoard extends BoardPage {
    static template = "cobranza_reports.OperationsBoard";
    static model = "cobranza.report.operations";

    get noMessages() {
        return this.state.board.messages.length ? "" : _t("No messages today. The daily cycle decides them every morning.");
    }

    get noPeople() {
        return this.state.board.people.length ? "" : _t("Nobody is to be worked on today.");
    }

    get noPromises() {
        return this.state.board.promises.amounts.some(Boolean) ? "" : _t("No promise falls due in the next two weeks.");
    }

    get noRun() {
        return this.state.board.run ? "" : _t("The daily cycle has not run yet.");
    }

    get chart() {
        const { labels, amounts, currency } = this.state.board.promises;
        const data = { label: _t("Promised, %s", currency), data: amounts, backgroundColor: "#2b6cb0", borderRadius: 4, maxBarThickness: 42 };
        return {
            type: "bar",
            data: { labels, datasets: [data] },
            options: {
                plugins: { legend: { display: false } },
                scales: {
                    x: { grid: { display: false } },
                    y: { beginAtZero: true, title: { display: true, text: currency } },
                },
            },
        };
    }

    openFigure({ key, id }) {
        return this.openFrom("action_open", [key || id, this.state.companyId]);
    }

    openQueue(person) {
        return this.openFrom("action_open_queue", [person.id, this.state.companyId]);
    }

    openRun() {
        return this.openRecord("cobranza.run", this.state.board.run.id);
    }
}

registry.category("actions").add("cobranza_report_operations", OperationsBoard);
