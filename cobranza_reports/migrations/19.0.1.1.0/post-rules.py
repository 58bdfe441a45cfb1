from odoo.addons.cobranza_management.hooks import load_rules_again


def migrate(cr, version):
    """Substitutes did not see these reports before this version."""
    load_rules_again(cr, 'cobranza_reports')
