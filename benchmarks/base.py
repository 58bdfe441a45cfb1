"""What the generated ledgers hang on, created through the ORM in an empty database."""

LANGUAGES = ('en_US', 'es_ES', 'es_419')
# name → (percentage, days after the invoice) of each instalment
PAYMENT_TERMS = {
    '60days': [(100, 60)],
    '2_instalments': [(50, 30), (50, 60)],
    '3_instalments': [(40, 30), (30, 60), (30, 90)],
    '4_instalments': [(25, 30), (25, 60), (25, 90), (25, 120)],
}
USERS = 5


def set_up(env):
    """Create through the ORM what the ledger hangs on."""
    # Attachments in the database, so that a copied database is complete.
    env['ir.config_parameter'].set_param('ir_attachment.location', 'db')
    env['ir.attachment'].force_storage()
    for language in LANGUAGES:
        env['res.lang']._activate_lang(language)
    _set_up_currencies(env)
    _set_up_companies(env)
    _set_up_payment_terms(env)
    _set_up_users(env)
    env.cr.commit()


def _set_up_currencies(env):
    """Make the euro a foreign currency of dollar companies, and the other way round."""
    euro = env.ref('base.EUR')
    (euro + env.ref('base.USD')).active = True
    euro.rate_ids.unlink()
    env['res.currency.rate'].create(
        # A constant rate, exact both ways, for all companies.
        {'currency_id': euro.id, 'name': '2010-01-01', 'rate': 0.8, 'company_id': False}
    )


def _set_up_companies(env):
    """Name the first company (dollars) and create a second one (euros) with its own chart."""
    first = env.ref('base.main_company')
    first.write({'name': 'Servicios Andinos', 'email': 'cobranza@andinos.example.com'})
    if not first.chart_template:
        env['account.chart.template'].try_loading('generic_coa', company=first)
    # Else the country's own add-ons are installed in the middle of this.
    env = env(context={**env.context, 'chart_template_load': True})
    second = env['res.company'].create(
        {
            'name': 'Servicios Ibéricos',
            'country_id': env.ref('base.es').id,
            # Else partner_autocomplete asks an outside service about the company.
            'iap_enrich_auto_done': True,
        }
    )
    env.user.company_ids += second
    env['account.chart.template'].try_loading('generic_coa', company=second)
    # After the chart, which brings the currency of its own country.
    second.write({'email': 'cobranza@ibericos.example.com', 'currency_id': env.ref('base.EUR').id})
    # Books have no taxes: no fiscal position either.
    env['account.fiscal.position'].search([]).auto_apply = False


def _set_up_payment_terms(env):
    for name, instalments in PAYMENT_TERMS.items():
        term = env['account.payment.term'].create(
            {
                'name': name.replace('_', ' '),
                'company_id': False,
                'line_ids': [
                    (0, 0, {'value': 'percent', 'value_amount': percentage, 'nb_days': days})
                    for percentage, days in instalments
                ],
            }
        )
        _remember(env, f'payment_term_{name}', term)


def _set_up_users(env):
    """Create the people that invoices belong to."""
    companies = env['res.company'].search([])
    for number in range(1, USERS + 1):
        user = env['res.users'].create(
            {
                'name': f'Gestor {number}',
                'login': f'gestor{number}',
                'email': f'gestor{number}@andinos.example.com',
                'lang': 'es_419',
                'company_id': companies[0].id,
                'company_ids': companies.ids,
                'group_ids': [
                    (4, env.ref('base.group_user').id),
                    (4, env.ref('account.group_account_invoice').id),
                ],
            }
        )
        _remember(env, f'user_{number}', user)


def _remember(env, name, record):
    """Give the record the external id that the generator finds it by."""
    env['ir.model.data']._update_xmlids([{'xml_id': f'benchmarks.{name}', 'record': record}])
