import { Component } from "@odoo/owl";

import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

/** What is on the screen of a report: which rows, grouped by what, with which figures. */
export function bookOf(searchModel, viewType) {
    const { context } = searchModel.getPreFavoriteValues({});
    const groupby = {
        graph: context.graph_groupbys,
        pivot: [...(context.pivot_row_groupby || []), ...(context.pivot_column_groupby || [])],
    }[viewType];
    return {
        model: searchModel.resModel,
        domain: searchModel.domain,
        groupby: [...new Set(groupby || searchModel.groupBy)],
        figures: viewType === "pivot" ? context.pivot_measures || [] : [],
        filters: searchModel.facets
            .filter((facet) => facet.type !== "groupBy")
            .map((facet) => facet.values.join(` ${facet.separator || ","} `))
            .join(" · "),
        companies: user.context.allowed_company_ids,
    };
}

/** The report on the screen as a spreadsheet, with its totals, a chart and the formula of each figure. */
export class ReportBook extends Component {
    static template = "cobranza_reports.ReportBook";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.ui = useService("ui");
    }

    async onSelected() {
        const book = bookOf(this.env.searchModel, this.env.config.viewType);
        this.ui.block({ message: _t("Writing the spreadsheet…") });
        try {
            await download({ url: "/cobranza/report/book", data: { data: JSON.stringify(book) } });
        } finally {
            this.ui.unblock();
        }
    }
}

registry.category("cogMenu").add(
    "cobranza-report-book",
    {
        Component: ReportBook,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config, searchModel }) =>
            ["list", "pivot", "graph"].includes(config.viewType) && searchModel.resModel.startsWith("cobranza.report."),
    },
    { sequence: 5 }
);
