import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

from .cobranza_aged_mixin import READERS

_logger = logging.getLogger(__name__)

#: Interest that enters the books after its day falls due so many days later, to be heard of and paid.
LATE_INTEREST_DAYS = 10


class CobranzaPlan(models.Model):
    """What a plan writes into the books: the invoice of its interest, the credit note of its discount."""

    _inherit = 'cobranza.plan'

    interest_move_id = fields.Many2one(
        'account.move', string='Interest Invoice', readonly=True, copy=False, groups=READERS
    )
    discount_move_id = fields.Many2one(
        'account.move', string='Discount Credit Note', readonly=True, copy=False, groups=READERS
    )
    discount_pending = fields.Boolean(
        readonly=True,
        copy=False,
        groups=READERS,
        help='Paid in full; the items wait for the credit note and are not chased.',
    )

    def _covered(self):
        """Return the items of plans, and those of their interest once it is in the books."""
        return self.line_ids | self.promise_ids.line_ids

    def _invoice_interest(self):
        """Invoice the interest of a plan in force, once; posted at once unless the company wants to look first.

        The invoice joins the items of the instalments when it is posted, so that the instalments and the ledger agree.
        """
        self.ensure_one()
        if not self.amount_interest or self.interest_move_id:
            return
        move = self.env['account.move'].create(
            {
                **self._move_values('out_invoice'),
                'invoice_date_due': self.last_date,
                'invoice_line_ids': [
                    (0, 0, line) for line in self._interest_lines(self.amount_interest)
                ],
            }
        )
        self._even_out(move, self.amount_interest)
        self.interest_move_id = move
        if self.company_id.cobranza_plan_post_interest:
            move.action_post()
        else:
            self._ask_accountant({self: self._words_to_post()})

    def _move_values(self, kind):
        """Return the values of a document of the plan, without its lines and payment terms."""
        return {
            'cobranza_plan_id': self.id,
            'company_id': self.company_id.id,
            'currency_id': self.currency_id.id,
            'invoice_date': self.company_id._cobranza_today(),
            'invoice_origin': self.name,
            'invoice_payment_term_id': False,
            'move_type': kind,
            'partner_id': self.partner_id.id,
        }

    def _interest_lines(self, amount):
        """Return the line of the interest; the amount agreed includes the taxes of the product."""
        product = self.company_id.cobranza_plan_interest_product_id
        name = self.env._('Interest of payment plan %s', self.name)
        line = {'name': name, 'price_unit': amount, 'product_id': product.id, 'quantity': 1}
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id in self.company_id.parent_ids)
        if not taxes:
            return [{**line, 'tax_ids': False}]
        totals = taxes.with_context(force_price_include=True).compute_all(
            amount, currency=self.currency_id, product=product, partner=self.partner_id
        )
        included = all(tax.price_include for tax in taxes)
        price = amount if included else totals['total_excluded']
        return [{**line, 'price_unit': price, 'tax_ids': [(6, 0, taxes.ids)]}]

    def _even_out(self, move, amount):
        """Add the cent that the rounding of taxes left over: the invoice must be what was signed."""
        left = self.currency_id.round(amount - move.amount_total)
        if left:
            rounding = {'name': self.env._('Rounding'), 'price_unit': left, 'tax_ids': False}
            move.write({'invoice_line_ids': [(0, 0, rounding)]})

    @api.model
    def _credit_discounts(self, company):
        """Prepare the credit notes of the plans of a company that were paid in full, once each.

        Not when the last payment is applied: Odoo builds no document in the middle of a reconciliation.
        """
        paid = self.sudo().search(
            [
                ('company_id', '=', company.id),
                ('discount_pending', '=', True),
                '|',
                ('discount_move_id', '=', False),
                ('discount_move_id.state', '=', 'cancel'),
            ]
        )
        for plan in paid:
            try:
                with self.env.cr.savepoint():
                    plan._credit_discount()
            except OperationalError:
                raise
            except Exception as error:
                _logger.exception('No credit note for %s', plan.name)
                summary = self.env._('Credit the discount of payment plan %s', plan.name)
                plan._ask_accountant({plan: summary}, str(error))

    def _credit_discount(self):
        """Prepare the credit note of the discount, of what is left at most; it is the accountant's to post.

        Goods that came back, or a customer who paid it all, leave less to forgive.
        """
        self.ensure_one()
        amount = min(self.amount_discount, self._left())
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            self.discount_pending = False
            return
        line = {
            'name': self.env._('Settlement discount of payment plan %s', self.name),
            'price_unit': amount,
            'tax_ids': False,
        }
        self.discount_move_id = self.env['account.move'].create(
            {**self._move_values('out_refund'), 'invoice_line_ids': [(0, 0, line)]}
        )
        self._ask_accountant({self: self._words_to_forgive()})

    def _left(self):
        """Return what is owed of all that a plan covers, with its interest though that be a draft."""
        self.ensure_one()
        draft = self.interest_move_id.filtered(lambda move: move.state == 'draft')
        return sum(self._covered().mapped('amount_residual_currency')) + draft.amount_total

    def _review_books(self):
        """Ask the accountant about what plans that ended early have in the books: interest for months that will not
        come, of which one thing is asked whether it is booked or not, and a discount that is lost.
        """
        drafts = self.filtered(lambda plan: plan.interest_move_id.state == 'draft')
        drafts._forget('_words_to_post')
        booked = self.filtered(lambda plan: plan._still_counts(plan.interest_move_id)) - drafts
        self._ask_accountant(
            {plan: plan._words_to_drop() for plan in drafts}
            | {plan: plan._words_to_credit() for plan in booked}
        )
        forgiven = self.filtered(lambda plan: plan._still_counts(plan.discount_move_id))
        self._ask_accountant({plan: plan._words_to_take_back() for plan in forgiven})

    def _still_counts(self, move):
        """Tell whether a document of the plan is there and was not undone."""
        return move.state in ('draft', 'posted') and move.payment_state != 'reversed'

    def _words_to_forgive(self):
        return self.env._('Post the discount of payment plan %s', self.name)

    def _words_to_take_back(self):
        return self.env._(
            'Payment plan %s has ended early: its discount is lost, take its credit note back',
            self.name,
        )

    def _words_to_post(self):
        return self.env._('Post the interest of payment plan %s', self.name)

    def _words_to_drop(self):
        return self.env._(
            'Payment plan %s has ended early: delete the draft of its interest, or post what is due of it',
            self.name,
        )

    def _words_to_credit(self):
        return self.env._(
            'Payment plan %s has ended early: credit the interest that is no longer due', self.name
        )

    def _forget(self, *words):
        """Take back open tasks of plans, in whatever language they were given.

        :param words: names of the methods that say what was to be done
        """
        if not self:
            return
        languages = [code for code, _name in self.env['res.lang'].get_installed()]
        summaries = {
            getattr(plan.with_context(lang=code), name)()
            for plan in self
            for code in languages
            for name in words
        }
        self._open_tasks(summaries).unlink()

    def _open_tasks(self, summaries):
        """Return the open tasks on the cases of plans that say one of these sentences."""
        return self.env['mail.activity'].sudo().search(
            [
                ('res_model', '=', 'cobranza.case'),
                ('res_id', 'in', self.case_id.ids),
                ('summary', 'in', list(summaries)),
            ]
        )  # fmt: skip

    def _ask_accountant(self, summaries, note=None):
        """Give tasks to the accountant of the settings, else to the supervisor; none twice while it is open.

        :param dict summaries: {plan: what to do}
        """
        asked = {(task.res_id, task.summary) for task in self._open_tasks(summaries.values())}
        self.env['cobranza.case']._schedule(
            [
                {
                    'case': plan.case_id,
                    'date': plan._today(),
                    'note': note,
                    'summary': summary,
                    'type': 'mail.mail_activity_data_todo',
                    'user': plan.company_id.cobranza_plan_accountant_id
                    or plan.case_id.team_id.supervisor_id,
                }
                for plan, summary in summaries.items()
                if (plan.case_id.id, summary) not in asked
            ]
        )

    def _postpone_unpaid(self):
        """Give the instalments of a plan that settled its items without being paid in full a day that can be kept."""
        later = fields.Date.add(self._today(), days=LATE_INTEREST_DAYS)
        self.promise_ids.filtered(
            lambda promise: (
                promise.deadline < later
                and promise.currency_id.compare_amounts(promise.paid_amount, promise.amount) < 0
            )
        ).write({'date': later})

    def _receivable_of(self, move):
        """Return what the customer owes, or is given, by a document of the plan."""
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable'
        )

    def _cover_interest(self):
        """Let the instalments cover the invoice of the interest."""
        lines = self._receivable_of(self.interest_move_id)
        self.promise_ids.write({'line_ids': [(4, line.id) for line in lines]})

    def _on_undone(self, move):
        """Let the items of a plan that was paid wait again when its credit note is taken back."""
        if move == self.discount_move_id and self.state == 'completed':
            self.discount_pending = True
            self._ask_accountant({self: self._words_to_forgive()})

    def _on_posted(self, move):
        """Let the interest join what the instalments cover; let the discount close the debt.

        The items of the plan itself stay those that were signed. Interest that enters the books after the rest was paid
        is owed like it: the instalments are judged again, and the plan is not paid before that is. The customer paid
        all there was and did not miss the instalments whose day has passed: they fall due again.
        """
        if move == self.interest_move_id and self.state in ('active', 'completed'):
            self._cover_interest()
            if self.state == 'completed':
                self._postpone_unpaid()
            self.env['cobranza.promise']._judge_cases(self.case_id)
        elif move == self.discount_move_id:
            self.discount_pending = False
            # posted again after a correction, Odoo has applied it by itself
            receivable = self._receivable_of(move)
            left = (self._covered() | receivable).filtered(lambda line: not line.reconciled)
            for account, lines in left.grouped('account_id').items():
                if account in receivable.account_id:
                    lines.reconcile()
