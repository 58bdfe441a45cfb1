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
        { content: "its menu", trigger: ".o_cp_action_menus .dropdown-toggle, .o_control_panel .o_cp_action_menus button", run: "click" },
        { content: "as a spreadsheet", trigger: ".o_cobranza_report_book", run: "click" },
        { content: "it was written", trigger: "body:not(:has(.o_blockUI)) .o_pivot_view table" },
    ],
});

/** A supervisor looks at the day, and at who is to be worked on. */
registry.category("web_tour.tours").add("cobranza_report_operations", {
    steps: () => [
        { content: "the tiles of the day", trigger: ".o_cobranza_operations .o_cobranza_tile:nth-child(7)" },
        { content: "how the cycle went, or that it did not run", trigger: ".o_cobranza_panel:nth-child(4):has(p, table)" },
        { content: "behind the queue", trigger: "[data-tile=queue]", run: "click" },
        { content: "its cases", trigger: ".o_list_view .o_data_row" },
        { content: "back", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "whose queue", trigger: ".o_cobranza_bars button", run: "click" },
        { content: "their cases", trigger: ".o_list_view .o_data_row" },
    ],
});

/** A supervisor compares the collectors over a month, and opens the cases of one. */
registry.category("web_tour.tours").add("cobranza_report_team", {
    steps: () => [
        { content: "five tiles", trigger: ".o_cobranza_team .o_cobranza_tile:nth-child(5)" },
        { content: "a month", trigger: ".o_cobranza_board_filters .btn:nth-child(2)", run: "click" },
        { content: "a month is chosen", trigger: ".o_cobranza_board_filters .btn:nth-child(2).btn-primary" },
        { content: "a portfolio", trigger: ".o_cobranza_people tbody tr:last-child td:nth-child(2) button", run: "click" },
        { content: "its cases", trigger: ".o_list_view .o_data_row" },
        { content: "back", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "the same month", trigger: ".o_cobranza_board_filters .btn:nth-child(2).btn-primary" },
    ],
});

/** A supervisor looks at what the strategies achieve, over a month. */
registry.category("web_tour.tours").add("cobranza_report_strategy", {
    steps: () => [
        { content: "seven tiles", trigger: ".o_cobranza_strategy .o_cobranza_tile:nth-child(7)" },
        { content: "a month", trigger: ".o_cobranza_board_filters .btn:nth-child(1)", run: "click" },
        { content: "a month is chosen", trigger: ".o_cobranza_board_filters .btn:nth-child(1).btn-primary" },
        { content: "four panels", trigger: ".o_cobranza_strategy .o_cobranza_panel:nth-child(4)" },
    ],
});
