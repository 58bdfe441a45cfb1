from . import cobranza_import
