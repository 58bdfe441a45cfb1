from . import cobranza_as_of_wizard, cobranza_statement_wizard
