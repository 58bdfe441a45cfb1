from . import pay_link
from . import portal_plan
from . import handoff, short_link
from . import cobranza_import
