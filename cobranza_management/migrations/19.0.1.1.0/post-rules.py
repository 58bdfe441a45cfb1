from odoo.addons.cobranza_management.hooks import load_rules_again


def migrate(cr, version):
    """Who stands in for whom was asked otherwise before this version."""
    load_rules_again(cr, 'cobranza_management')
