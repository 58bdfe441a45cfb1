"""Record rules are data that an upgrade leaves alone: substitutes did not see these reports before this version."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

FILES = (
    'cobranza_report_rules.xml',
    'cobranza_case_snapshot_rules.xml',
    'cobranza_statement_rules.xml',
)


def migrate(cr, version):
    """Load the rules again as they are now; what somebody changed in them by hand is to be changed again."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in FILES:
        convert_file(env, 'cobranza_reports', f'security/{name}', None, mode='init')
