import { registry } from "@web/core/registry";

/** A supervisor reads the dashboard, takes a longer period, and opens what is behind a figure. */
registry.category("web_tour.tours").add("cobranza_report_board", {
    steps: () => [
        { content: "it ties", trigger: ".o_cobranza_exec_ties .text-bg-success" },
        { content: "the line is drawn", trigger: ".o_cobranza_chart canvas" },
        { content: "six tiles", trigger: ".o_cobranza_tiles:has(.o_cobranza_tile:nth-child(6))" },
        { content: "two years", trigger: ".o_cobranza_board_filters .btn-group .btn:nth-child(2)", run: "click" },
        { content: "two years are chosen", trigger: ".o_cobranza_board_filters .btn:nth-child(2).btn-primary" },
        { content: "behind a bucket", trigger: ".o_cobranza_bars li:nth-child(2) button", run: "click" },
        { content: "its items", trigger: ".o_list_view .o_data_row" },
        { content: "back", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "the same months", trigger: ".o_cobranza_board_filters .btn:nth-child(2).btn-primary" },
        { content: "behind the debt", trigger: "[data-tile=overdue]", run: "click" },
        { content: "the aging", trigger: ".o_pivot_view table" },
    ],
});
