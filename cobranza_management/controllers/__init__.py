from . import cobranza_import, handoff, pay_link, portal_plan, short_link
