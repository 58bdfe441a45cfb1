from . import (
    account_partial_reconcile,
    res_company,
    cobranza_report_mixin,
    cobranza_report_as_of_mixin,
    cobranza_report_aging,
    cobranza_report_month,
    cobranza_report_roll,
    cobranza_report_payment,
    cobranza_report_tie,
    cobranza_report_board,
    digest_digest,
)
