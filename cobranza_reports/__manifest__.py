{
    'name': 'Collections Reports',
    'summary': 'DSO, delinquency, effectiveness and forecast: numbers that tie to the ledger, as of any day.',
    'version': '19.0.1.0.0',
    'category': 'Accounting/Collections',
    'author': 'Cobranza',
    'license': 'LGPL-3',
    'depends': ['cobranza_management', 'digest'],
    'external_dependencies': {'python': ['xlsxwriter']},
    'data': [
        'security/ir.model.access.csv',
        'views/cobranza_report_menus.xml',
    ],
    'application': False,
}
