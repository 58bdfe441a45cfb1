"""Record rules are data that upgrades leave alone: who stands in for whom was asked otherwise before this version."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

FILES = (
    'cobranza_rules.xml',
    'cobranza_company_rules.xml',
    'cobranza_supervision_rules.xml',
    'cobranza_plan_rules.xml',
    'cobranza_writeoff_rules.xml',
)


def migrate(cr, version):
    """Load the rules again as they are now; what somebody changed in them by hand is to be changed again."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in FILES:
        convert_file(env, 'cobranza_management', f'security/{name}', None, mode='init')
