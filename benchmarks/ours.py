"""What the measures of the add-on share: a copy of the book with the add-on, set up like a real company."""

from . import prepare

MODULES = ['cobranza_management']


def install(database, purpose, modules=MODULES):
    """Return a copy of a book with the add-on, or others, on it, its statistics fresh."""
    copy = prepare.prepare_copy(database, purpose, modules)
    vacuum(copy)
    return copy


def vacuum(database):
    """Clear away old versions of rows and count the others, as PostgreSQL does by itself when it has a minute."""
    connection = prepare.connect(database)
    connection.autocommit = True
    with connection.cursor() as cr:
        cr.execute('VACUUM ANALYZE')
    connection.close()


def set_up(env):
    """Switch collections on in every company: the generic strategy, one team, messages at any hour.

    :return: the companies
    """
    companies = env['res.company'].search([('chart_template', '!=', False)])
    strategy = env.ref('cobranza_management.strategy_generic')
    companies.write(
        {
            'cobranza_active': True,
            'cobranza_email_from': 'cobranzas@example.com',
            'cobranza_review': False,
            'cobranza_strategy_id': strategy.id,
        }
    )
    env['cobranza.contact.rule'].search([]).write({'active': False})
    for company in companies:
        env['cobranza.team'].create(
            {
                'company_id': company.id,
                'member_ids': [(0, 0, {'user_id': env.user.id})],
                'name': 'Team',
            }
        )
    env.flush_all()
    return companies
