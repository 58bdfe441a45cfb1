from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio, selection_of
from .cobranza_report_payment import CobranzaReportPayment


class CobranzaReportContact(models.Model):
    """The funnel of contacts: who was reached, who was the debtor, what was promised then, and what was paid."""

    _name = 'cobranza.report.contact'
    _inherit = ['cobranza.report.mixin']
    _description = 'Contact Funnel'
    _auto = False
    _order = 'date DESC, id DESC'

    date = fields.Date(readonly=True)
    direction = selection_of('cobranza.interaction', 'direction')
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(), readonly=True
    )
    step_id = fields.Many2one('cobranza.strategy.step', readonly=True)
    author_id = fields.Many2one(
        'res.users',
        string='Contacted By',
        readonly=True,
        help='Empty: it left by itself, or the customer wrote.',
    )
    contact_count = fields.Integer(
        'Contacts', readonly=True, help='Those that took place, each once; automatic ones too.'
    )
    reached_count = fields.Integer(
        'Somebody Answered',
        readonly=True,
        help='Somebody answered the call, the message was answered, or the customer wrote.',
    )
    right_party_count = fields.Integer(
        'The Debtor Answered', readonly=True, help='By the outcome that was noted.'
    )
    promise_count = fields.Integer(
        'Promises',
        readonly=True,
        help='Taken on that day by who spoke with the debtor, without those cancelled; each counts for one contact.',
    )
    promise_amount = money('Promised', help='At the rate of the day each was taken.')
    promise_judged_amount = money(
        'Promised, Day Has Come', help='Promised by those whose day has come.'
    )
    promise_paid_amount = money(
        'Paid of Promises', help='Paid of those promises whose day has come, late or in part too.'
    )
    collected_amount = money(
        'Collected',
        help='Paid within the days, set in the company, in which a contact counts, when it was the last one before.',
    )
    contact_rate = ratio('Contact %', 'Somebody answered ÷ contacts × 100.')
    right_party_rate = ratio('Right Party %', 'The debtor answered ÷ contacts × 100.')
    promise_rate = ratio('Contact to Promise %', 'Promises ÷ the debtor answered × 100.')
    cash_rate = ratio('Promise to Cash %', 'Paid ÷ promised × 100, of those whose day has come.')

    _depends = {
        **CobranzaReportPayment._depends,
        'cobranza.interaction': [
            'case_id', 'channel', 'company_id', 'corrects_id', 'date', 'direction', 'is_contact', 'is_right_party',
            'partner_id', 'purpose', 'reminder_id', 'replaces_id', 'user_id',
        ],
        'cobranza.promise': [
            'amount', 'amount_company', 'case_id', 'company_id', 'paid_amount', 'state', 'taken_on', 'user_id',
        ],
        'cobranza.reminder': ['state', 'step_id'],
    }  # fmt: skip
    _RATIOS = {
        'contact_rate': (('reached_count',), ('contact_count',), 100),
        'right_party_rate': (('right_party_count',), ('contact_count',), 100),
        'promise_rate': (('promise_count',), ('right_party_count',), 100),
        'cash_rate': (('promise_paid_amount',), ('promise_judged_amount',), 100),
    }

    _RECORDS = 'cobranza.interaction'
    _BOOK_BY, _BOOK_FIGURE = 'channel', 'contact_count'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT funnel.*, %(ratios)s
              FROM (SELECT given.*, company.currency_id, %(debtor)s,
                           COALESCE(promised.count, 0) AS promise_count,
                           COALESCE(promised.amount, 0) AS promise_amount,
                           COALESCE(promised.judged, 0) AS promise_judged_amount,
                           COALESCE(promised.paid, 0) AS promise_paid_amount,
                           COALESCE(collected.amount, 0) AS collected_amount
                      FROM (%(contacts)s) given
                           %(joins)s
                 LEFT JOIN (%(promised)s) promised ON promised.contact_id = given.id
                 LEFT JOIN (%(collected)s) collected ON collected.contact_id = given.id) funnel
            """,
            collected=self._sql_collected(),
            contacts=self._sql_contacts(),
            debtor=self._sql_debtor_columns(),
            joins=self._sql_debtor_joins('given', SQL('given.date')),
            promised=self._sql_promised(),
            ratios=self._sql_ratio_columns('funnel'),
        )

    @api.model
    def _sql_contacts(self):
        """Return the SELECT of the contacts that took place; the day is that of where the company works."""
        Contact, Board = self.env['cobranza.interaction'].sudo(), self.env['cobranza.team.board']
        took_place = Contact._search(Board._took_place_domain())
        by_person = Board._by_person_domain().optimize_full(Contact)
        return SQL(
            """
            SELECT contact.id, contact.company_id, contact.partner_id, contact.case_id, contact.create_date,
                   (contact.date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS date,
                   contact.direction, contact.channel, message.step_id,
                   CASE WHEN %(by_person)s THEN NULLIF(contact.user_id, %(machine)s) END AS author_id,
                   1 AS contact_count,
                   (contact.direction = 'in' OR contact.is_contact IS TRUE OR contact.is_right_party IS TRUE
                    OR message.state IS NOT DISTINCT FROM 'replied')::int AS reached_count,
                   (contact.is_right_party IS TRUE)::int AS right_party_count
              FROM cobranza_interaction contact
              JOIN (%(zones)s) zone ON zone.company_id = contact.company_id
         LEFT JOIN cobranza_reminder message ON message.id = contact.reminder_id
             WHERE contact.id IN %(took_place)s
            """,
            by_person=by_person._to_sql(Contact, 'contact', took_place),
            machine=SUPERUSER_ID,
            took_place=took_place.subselect(),
            zones=self._sql_zones(),
        )

    @api.model
    def _sql_promised(self):
        """Return the SELECT of what was promised at contacts.

        A promise belongs to the contact with the debtor that its taker had on that day: the last one noted before it.
        """
        Promise = self.env['cobranza.promise']
        return SQL(
            """
            SELECT taken.contact_id, COUNT(*) AS count, SUM(taken.amount) AS amount,
                   SUM(taken.judged) AS judged, SUM(taken.paid) AS paid
              FROM (SELECT DISTINCT ON (promise.id) told.id AS contact_id, promise.amount_company AS amount,
                           %(judged)s AS judged, %(paid)s AS paid
                      FROM cobranza_promise promise
                      JOIN (%(contacts)s) told
                        ON told.case_id = promise.case_id AND told.date = promise.taken_on
                           AND told.author_id = promise.user_id AND told.right_party_count = 1
                     WHERE promise.state != 'cancelled'
                  ORDER BY promise.id, (told.create_date <= promise.create_date) DESC, told.create_date DESC,
                           told.id DESC) taken
          GROUP BY taken.contact_id
            """,
            contacts=self._sql_contacts(),
            judged=Promise._sql_amount_of('promise', Promise._JUDGED),
            paid=self.env['cobranza.report.promise']._sql_paid_of('promise'),
        )

    @api.model
    def _sql_collected(self):
        """Return the SELECT of what was paid after contacts, as payments themselves say."""
        return SQL(
            """
            SELECT payment.interaction_id AS contact_id, SUM(payment.attributed) AS amount
              FROM (%s) payment
             WHERE payment.interaction_id IS NOT NULL
          GROUP BY payment.interaction_id
            """,
            self.env['cobranza.report.payment']._table_query,
        )

    def _line_ids(self):
        paid = self.env['cobranza.report.payment'].search([('interaction_id', 'in', self.ids)])
        return paid._line_ids()
