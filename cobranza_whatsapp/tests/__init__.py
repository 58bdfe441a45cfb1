from . import (
    test_bot,
    test_conversations,
    test_events,
    test_inbox,
    test_outgoing,
    test_templates,
    test_tools_bot,
    test_tools_bot_talk,
    test_tools_bot_topics,
    test_tools_understanding,
    test_webhook,
)
