import { registry } from "@web/core/registry";

const DEBTOR = ".o_cobranza_wb_header h1";
const QUIET = ".o_cobranza_wb_bar:not(:has(.o_cobranza_wb_panel))";

registry.category("web_tour.tours").add("cobranza_workbench_keys", {
    steps: () => [
        {
            content: "the debtor of most weight is there, and every outcome shows its key",
            trigger: `${DEBTOR}:contains(Big)`,
        },
        { trigger: ".o_cobranza_wb_row[aria-current=true] .o_cobranza_badge" },
        { trigger: ".o_cobranza_wb_items tbody tr .o_cobranza_badge" },
        {
            content: "2 is a promise",
            trigger: ".o_cobranza_wb_outcome[data-outcome=promise] kbd:contains(2)",
            run: "press 2",
        },
        {
            content: "the day is asked first; 2 is the second chip",
            trigger: ".o_cobranza_wb_outcome_panel input[data-chip='1']:focus",
            run: "press 2",
        },
        {
            content: "Enter saves",
            trigger: ".o_cobranza_wb_outcome_panel input[data-chip='2']:checked",
            run: "press Enter",
        },
        {
            content: "the next debtor is there at once",
            trigger: `${DEBTOR}:contains(Middle)`,
        },
        { content: "what happened is said", trigger: ".o_notification:contains(Big)" },
        { content: "no answer asks nothing", trigger: QUIET, run: "press 1" },
        { trigger: `${DEBTOR}:contains(Small)` },
        { content: "write an e-mail", trigger: QUIET, run: "press e" },
        {
            content: "keys rest in a field",
            trigger: ".o_cobranza_wb_compose .o_cobranza_wb_subject:focus",
            run: "press n",
        },
        { trigger: ".o_cobranza_wb_compose .o_cobranza_wb_letter table" },
        {
            content: "send it",
            trigger: ".o_cobranza_wb_compose .o_cobranza_wb_may",
            run: "press ctrl+Enter",
        },
        { trigger: `.o_cobranza_wb_main:has(${DEBTOR}:contains(Small)) ${QUIET}` },
        { trigger: ".o_cobranza_wb_event:has(.fa-envelope-o)" },
        { content: "all keys", trigger: QUIET, run: "press ?" },
        { trigger: ".o_cobranza_wb_help kbd", run: "press Escape" },
        {
            content: "find somebody in the queue",
            trigger: ".o_cobranza_wb:not(:has(.o_cobranza_wb_help))",
            run: "press /",
        },
        { trigger: ".o_cobranza_wb_search input:focus", run: "edit far" },
        { trigger: ".o_cobranza_wb_rows:not(:contains(Small)) .o_cobranza_wb_row:contains(Far)", run: "press Enter" },
        { trigger: `${DEBTOR}:contains(Far)` },
        { content: "the next is whoever is left", trigger: QUIET, run: "press n" },
        { trigger: `${DEBTOR}:contains(Small)` },
        { trigger: QUIET, run: "press 1" },
        { content: "the queue is done", trigger: ".o_cobranza_wb_empty .o_cobranza_wb_figure" },
    ],
});

registry.category("web_tour.tours").add("cobranza_workbench_phone", {
    steps: () => [
        { trigger: `${DEBTOR}:contains(Big)` },
        { content: "the queue", trigger: "[data-pane=queue]", run: "click" },
        { trigger: ".o_cobranza_wb_row:contains(Middle)", run: "click" },
        { content: "back at the debtor", trigger: `${DEBTOR}:contains(Middle)` },
        { trigger: "[data-pane=history]", run: "click" },
        { trigger: ".o_cobranza_wb_history:visible", run: () => {} },
        { trigger: "[data-pane=bar]", run: "click" },
        { trigger: ".o_cobranza_wb_outcome[data-outcome=promise]", run: "click" },
        { trigger: ".o_cobranza_wb_chip:contains(/./):nth-of-type(2)", run: "click" },
        { trigger: ".o_cobranza_wb_save:enabled", run: "click" },
        { content: "the next one", trigger: `${DEBTOR}:contains(Big)` },
    ],
});

registry.category("web_tour.tours").add("cobranza_workbench_dispute_plan_letter", {
    steps: () => [
        { trigger: `${DEBTOR}:contains(Big)` },
        { content: "what one owes in another currency is said", trigger: ".o_cobranza_wb_sum:contains(7,000)" },
        { content: "4 is a dispute", trigger: QUIET, run: "press 4" },
        {
            content: "a digit is a reason",
            trigger: ".o_cobranza_wb_outcome_panel input[name=o_cobranza_wb_reason]:focus",
            run: "press 2",
        },
        {
            content: "I goes to the items while it asks for them",
            trigger: ".o_cobranza_wb_chips input:nth-of-type(2):checked",
            run: "press i",
        },
        { trigger: ".o_cobranza_wb_items tr:focus", run: "press Space" },
        { content: "Enter saves from there", trigger: ".o_cobranza_wb_items tr:focus input:checked", run: "press Enter" },
        { trigger: `${DEBTOR}:contains(Middle)` },
        { content: "a letter", trigger: QUIET, run: "press r" },
        {
            content: "it waits for the printer",
            trigger: ".o_cobranza_wb_compose .o_cobranza_wb_may",
            run: "press ctrl+Enter",
        },
        { trigger: ".o_notification:contains(Middle)" },
        { content: "a payment plan", trigger: QUIET, run: "press a" },
        { trigger: ".modal footer button[name=action_send], .modal footer button[name=action_offer]" },
        { trigger: ".modal footer button[name=action_prepare]", run: "click" },
        { content: "one stays in the workbench", trigger: `body:not(:has(.modal)) ${DEBTOR}:contains(Middle)` },
        { trigger: ".o_cobranza_wb_agreements .fa-calendar" },
    ],
});

registry.category("web_tour.tours").add("cobranza_workbench_correct", {
    steps: () => [
        { trigger: `${DEBTOR}:contains(Big)` },
        { content: "a promise", trigger: ".o_cobranza_wb_outcome[data-outcome=promise] kbd:contains(2)", run: "press 2" },
        { trigger: ".o_cobranza_wb_outcome_panel input[data-chip='1']:focus", run: "press Enter" },
        { trigger: `${DEBTOR}:contains(Middle)` },
        {
            content: "the notification leads back",
            trigger: ".o_notification:contains(Big) .o_notification_buttons button",
            run: "click",
        },
        { trigger: `.o_cobranza_wb_main:has(${DEBTOR}:contains(Big)) .o_cobranza_wb_correcting:contains(/promise/i)` },
        { content: "it stays as it was", trigger: ".o_cobranza_wb_correcting", run: "press Escape" },
        { trigger: ".o_cobranza_wb_bar:not(:has(.o_cobranza_wb_correcting))" },
        { content: "the history offers it too", trigger: ".o_cobranza_wb_event .o_cobranza_wb_correct" },
        { content: "and the keyboard", trigger: QUIET, run: "press Backspace" },
        { content: "nobody answered", trigger: ".o_cobranza_wb_correcting", run: "press 1" },
        { content: "what was taken back is said", trigger: ".o_notification:contains(Taken back: the promise)" },
        { trigger: `.o_cobranza_wb_main:has(${DEBTOR}:contains(Middle)):not(:has(.o_cobranza_wb_correcting))` },
    ],
});

registry.category("web_tour.tours").add("cobranza_workbench_dialogs", {
    steps: () => [
        { trigger: `${DEBTOR}:contains(Big)` },
        { content: "D is a dispute", trigger: ".o_cobranza_wb_outcome[data-outcome=callback] kbd", run: "press d" },
        {
            content: "its reasons are within reach of the keyboard",
            trigger: ".modal .o_field_widget[name=reason_id] button:first-child",
            run: ({ anchor }) => anchor.focus(),
        },
        { trigger: ".modal .o_field_widget[name=reason_id] button:focus", run: "press Enter" },
        { trigger: ".modal .o_field_widget[name=reason_id] button.active", run: "press Alt+q" },
        {
            content: "one stays in the workbench, and sees it",
            trigger: `body:not(:has(.modal)) .o_cobranza_wb_agreements .fa-hand-paper-o`,
        },
        { content: "H is a hold", trigger: QUIET, run: "press h" },
        {
            content: "for three days",
            trigger: ".modal .o_field_widget[name=length] button[value='\"3\"']",
            run: ({ anchor }) => anchor.focus(),
        },
        { trigger: ".modal .o_field_widget[name=length] button:focus", run: "press Enter" },
        { trigger: ".modal .o_field_widget[name=length] button.active[value='\"3\"']", run: "press Alt+q" },
        { trigger: `body:not(:has(.modal)) ${DEBTOR}:contains(Big)` },
        { trigger: ".o_cobranza_wb_main:contains(On hold until)" },
        { content: "P is a payment", trigger: QUIET, run: "press p" },
        { trigger: ".modal:contains(Payment of Big) button[name=action_create_payments]", run: "press Alt+q" },
        { trigger: `body:not(:has(.modal)) .o_cobranza_wb_main:has(${DEBTOR}:contains(Big)) .o_cobranza_wb_amount:not(:contains(/[1-9]/))` },
        { content: "C is a call agreed on", trigger: QUIET, run: "press n" },
        { trigger: `${DEBTOR}:contains(Middle)` },
        { trigger: QUIET, run: "press c" },
        { trigger: ".o_cobranza_wb_outcome_panel input[data-chip='1']:focus", run: "press Enter" },
        { trigger: `${DEBTOR}:contains(Small)` },
    ],
});

registry.category("web_tour.tours").add("cobranza_workbench_instalments", {
    steps: () => [
        { trigger: `${DEBTOR}:contains(Big)` },
        { trigger: ".o_cobranza_wb_outcome[data-outcome=callback] kbd:contains(8)" },
        { content: "8 calls back, and so does C, which has no button of its own", trigger: QUIET, run: "press c" },
        { trigger: ".o_cobranza_wb_outcome_panel input[data-chip='1']:focus", run: "press Escape" },
        { content: "9 needs instalments", trigger: QUIET, run: "press 9" },
        { trigger: ".o_cobranza_wb_outcome_panel:has(.o_cobranza_wb_amount_input) textarea:focus", run: "press Enter" },
        { content: "the plan is offered at once", trigger: ".modal footer button[name=action_prepare]" },
        { content: "of the same debtor", trigger: `${DEBTOR}:contains(Big)` },
        { content: "who leaves it goes on", trigger: ".modal .o_form_view", run: "press Escape" },
        { trigger: `body:not(:has(.modal)) ${DEBTOR}:contains(Middle)` },
    ],
});
