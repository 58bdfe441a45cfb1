from . import cobranza_as_of_wizard
