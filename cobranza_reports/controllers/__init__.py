from . import cobranza_report_book, cobranza_statement
