from . import cobranza_statement
