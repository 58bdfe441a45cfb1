from . import document, webhook
