from . import handoff, pay_link, short_link
