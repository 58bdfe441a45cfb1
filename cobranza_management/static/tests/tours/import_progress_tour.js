import { registry } from "@web/core/registry";

// nobody presses anything: the page follows the import by itself
registry.category("web_tour.tours").add("cobranza_import_progress", {
    steps: () => [
        { trigger: ".o_cobranza_live_progress:contains(/^0 %/)" },
        { trigger: ".o_cobranza_live_progress:contains(/^50 %/)", timeout: 20000 },
        {
            content: "when it is done the form says so",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]",
            timeout: 20000,
        },
        { trigger: ".oe_stat_button [name=booked_count]:contains(/^2/)" },
    ],
});
