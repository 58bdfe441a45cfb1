from . import (
    test_aging,
    test_board,
    test_digest,
    test_months,
    test_payments,
    test_report_access,
    test_roll,
    test_tools_metrics,
)
