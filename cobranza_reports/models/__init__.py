from . import account_partial_reconcile
from . import cobranza_report_mixin
from . import cobranza_report_as_of_mixin
from . import cobranza_report_aging
from . import cobranza_report_month
from . import cobranza_report_payment
from . import cobranza_report_tie
