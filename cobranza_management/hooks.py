def post_init_hook(env):
    """Make every company ready: aging buckets, a team, contact hours."""
    companies = env['res.company'].search([])
    companies._create_default_buckets()
    companies._create_default_contact_rule()
