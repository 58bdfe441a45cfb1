import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cobranza_plan_signature", {
    steps: () => [
        {
            content: "accept the plan",
            trigger: "button[data-bs-target='#plan_accept']",
            run: "click",
        },
        {
            content: "the name is filled in",
            trigger: "#plan_accept.show input[name='signer']:value(Ana)",
        },
        {
            content: "the signature is drawn from the name",
            trigger: "#plan_accept canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "sign",
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is in force",
            trigger: ".alert-success:contains('in force')",
        },
    ],
});
