import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const CARD = ".o_cobranza_board .o_kanban_record";

registry.category("web_tour.tours").add("cobranza_supervisor_day", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "open the app",
            trigger: ".o_app[data-menu-xmlid='cobranza_management.cobranza_menu_root']",
            run: "click",
        },
        {
            content: "the workbench comes first; the board is beside it",
            trigger: ".o_main_navbar button[data-menu-xmlid='cobranza_management.cobranza_menu_cases']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu a[data-menu-xmlid='cobranza_management.cobranza_case_menu']",
            run: "click",
        },
        {
            content: "the card shows amount, days late and aging bar; its column, the number of cases",
            trigger: `${CARD}:has(.o_cobranza_amount):has(.o_cobranza_badge):has(.o_cobranza_bar_segment)`,
        },
        { trigger: ".o_cobranza_column_count:contains(/^1$/)" },
        { content: "open the case", trigger: CARD, run: "click" },
        { trigger: ".o_cobranza_case .o_field_widget[name=item_ids] .o_data_row .o_cobranza_edge" },
        { trigger: ".o_cobranza_channels li:has(.fa-envelope-o)" },
        {
            content: "what waits for a person comes first",
            trigger: ".o_form_statusbar .btn-primary[name=action_review_message]",
        },
        {
            content: "put a hold",
            trigger: ".o_form_statusbar button[data-hotkey=h]",
            run: "click",
        },
        {
            content: "three days",
            trigger: ".modal .o_field_widget[name=length] .o_selection_badge:nth-child(2)",
            run: "click",
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_cobranza_case .ribbon" },
        {
            content: "end it again",
            trigger: ".o_form_statusbar button[name=action_release_hold]",
            run: "click",
        },
        { trigger: ".o_cobranza_case:not(:has(.ribbon))" },
        {
            content: "see what will be sent",
            trigger: ".o_form_statusbar button[name=action_review_message]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=preview_body] table" },
        { content: "let it go", trigger: "button.o_cobranza_approve", run: "click" },
        { trigger: ".o_form_statusbar:not(:has(.o_cobranza_approve))" },
    ],
});

registry.category("web_tour.tours").add("cobranza_setup", {
    steps: () => [
        {
            content: "an empty board shows the way",
            trigger: ".o_view_nocontent a.btn-primary",
            run: "click",
        },
        { trigger: ".modal .o_cobranza_setup .o_cobranza_ladder_step" },
        { trigger: ".modal .o_cobranza_setup .o_cobranza_bar_segment" },
        { content: "start", trigger: ".modal .o_cobranza_start", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_cobranza_tiles .o_cobranza_figure" },
    ],
});
