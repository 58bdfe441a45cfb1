from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools import convert_file


def post_init_hook(env):
    """Make every company ready: aging buckets, a team, contact hours."""
    companies = env['res.company'].search([])
    companies._create_default_buckets()
    companies._create_default_contact_rule()


def load_rules_again(cr, addon):
    """Load the record rules of an add-on as they are now: they are data that an upgrade leaves alone.

    What somebody changed in them by hand is to be changed again.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for path in Manifest.for_addon(addon)['data']:
        if path.startswith('security/') and path.endswith('_rules.xml'):
            convert_file(env, addon, path, None, mode='init')
