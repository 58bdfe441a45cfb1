from . import (
    test_aging,
    test_board,
    test_digest,
    test_months,
    test_payments,
    test_report_access,
    test_statement,
    test_statement_book,
    test_statement_mail,
    test_statement_report,
    test_roll,
    test_tools_metrics,
)
