from . import cobranza_statement_report
