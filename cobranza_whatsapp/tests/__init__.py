from . import test_events, test_outgoing, test_webhook
