import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: Documents created and posted together.
CHUNK = 100


class CobranzaImport(models.Model):
    """From good rows to posted entries: chunk by chunk, and row by row where a chunk has a bad one."""

    _inherit = 'cobranza.import'

    def _cron_book(self):
        """Import what people asked for, oldest first, committing chunk by chunk."""
        commit_progress = self.env['ir.cron']._commit_progress
        running = self.search([('state', '=', 'running')], order='id')
        commit_progress(remaining=sum(running.mapped('new_count')))
        for imported in running:
            imported = imported.try_lock_for_update()
            while imported.state == 'running':
                booked = imported._book_chunk()
                if not commit_progress(booked):
                    return

    def _book_all(self):
        """Import every good row in this transaction."""
        while self.state == 'running':
            self._book_chunk()

    def _book_chunk(self):
        """Import the next good rows, with the rights of who asked for it; finish when there are none left.

        :return: number of rows worked on
        """
        waiting = Domain('import_id', '=', self.id) & Domain('state', '=', 'new')
        rows = self.row_ids.search(waiting, limit=CHUNK)
        asked = rows.with_user(self.user_id).with_company(self.company_id)
        asked = asked.with_context(
            allowed_company_ids=self.company_id.ids,
            lang=self.user_id.lang,
            tracking_disable=True,
        )
        if not asked._try_to_book():
            for row in asked:
                row._try_to_book(alone=True)
        if not self.row_ids.search_count(waiting, limit=1):
            self._finish()
        return len(rows)

    def _finish(self):
        """Close the import and tell who asked for it."""
        self.state = 'done'
        self.user_id._bus_send(
            'simple_notification',
            {
                'type': 'warning' if self.error_count or self.changed_count else 'success',
                'title': self.env._('Opening portfolio'),
                'message': self.env._(
                    '%(booked)s documents imported, %(errors)s with errors.',
                    booked=self.booked_count,
                    errors=self.error_count,
                ),
            },
        )


class CobranzaImportRow(models.Model):
    """How a row becomes an entry, as an accountant would book it."""

    _inherit = 'cobranza.import.row'

    def _try_to_book(self, alone=False):
        """Book these rows or none of them; a row that fails alone says why.

        :return: whether they were booked
        """
        try:
            with self.env.cr.savepoint():
                self._book()
            return True
        except OperationalError:
            raise
        except UserError as error:
            problem = str(error)
        except Exception as error:  # whatever an add-on raises on posting; the other rows go on
            problem = self.env._('It could not be booked; the log of the system says why')
            if isinstance(error, IntegrityError) and 'unique_import_key' in str(error):
                problem = self.env._('Imported by somebody else at the same time')
            elif alone:
                _logger.exception('Row %s of opening portfolio %s', self.number, self.import_id.id)
        if alone:
            self.sudo().write({'state': 'error', 'reason': problem})
        return False

    def _book(self):
        """Create the customers that are missing, one posted entry a row, and note them."""
        self._create_customers()
        self._complete_customers()
        moves = self.env['account.move'].create([row._prepare_move_vals() for row in self])
        moves._post(soft=False)
        for row, move in zip(self.sudo(), moves):
            row.write({'state': 'booked', 'move_id': move.id, 'reason': False})

    # === CUSTOMERS === #

    def _create_customers(self):
        """Create the customers of the rows that have none, and give them to every row of the same customer."""
        missing = self.filtered(lambda row: not row.partner_id).grouped('customer_key')
        partners = self.env['res.partner'].create(
            [rows._prepare_customer_vals() for rows in missing.values()]
        )
        siblings = (
            self.sudo()
            .search(
                [
                    ('import_id', '=', self.import_id.id),
                    ('customer_key', 'in', list(missing)),
                    ('partner_id', '=', False),
                    ('state', '=', 'new'),
                ]
            )
            .grouped('customer_key')
        )
        for key, partner in zip(missing, partners):
            siblings[key].partner_id = partner

    def _prepare_customer_vals(self):
        """Return the values of the customer whom all these rows are about."""
        return {
            **self._customer_facts(),
            'category_id': [Command.link(tag.id) for tag in self._tags()],
            'customer_rank': 1,
            'is_company': bool(self._first('vat')),
            'name': self._first('name') or self._first('reference') or self._first('vat'),
        }

    def _customer_facts(self):
        """Return {field of the contact: value} of what the rows say."""
        facts = {
            'country_id': self.country_id[:1].id,
            'email': self._first('email'),
            'phone': self._first('phone'),
            'ref': self._first('reference'),
            'user_id': self.salesperson_id[:1].id,
            'vat': self._first('vat'),
        }
        return {name: value for name, value in facts.items() if value}

    def _first(self, name):
        return next((value for value in self.mapped(name) if value), '')

    def _tags(self):
        """Return the tags that the rows name, made when they are new."""
        Tag, names = self.env['res.partner.category'].sudo(), set(filter(None, self.mapped('tag')))
        tags = Tag.search([('name', 'in', list(names))])
        return tags + Tag.create([{'name': name} for name in names - set(tags.mapped('name'))])

    def _complete_customers(self):
        """Fill what customers known before lack; what they have is never overwritten."""
        for partner, rows in (
            self.filtered(lambda row: not row.customer_is_new).grouped('partner_id').items()
        ):
            lacking = {
                name: value for name, value in rows._customer_facts().items() if not partner[name]
            }
            tags = rows._tags() - partner.category_id if rows._first('tag') else None
            if tags:
                lacking['category_id'] = [Command.link(tag.id) for tag in tags]
            if lacking:
                partner.write(lacking)

    # === ENTRIES === #

    def _prepare_move_vals(self):
        """Return the values of the opening entry: the receivable against the counterpart account."""
        self.ensure_one()
        imported, partner = self.import_id, self.partner_id.commercial_partner_id
        receivable = imported.receivable_id or partner.property_account_receivable_id
        return {
            'cobranza_import_key': self._import_key(),
            'cobranza_instalment': self.instalment,
            'company_id': imported.company_id.id,
            'date': imported.date,
            'invoice_date': self.issue_date,
            'journal_id': imported.journal_id.id,
            'move_type': 'entry',
            'partner_id': partner.id,
            'ref': self.document,
            'line_ids': [
                Command.create(
                    {
                        **self._prepare_line_vals(receivable, partner, 1),
                        'date_maturity': self.due_date or self.issue_date or imported.date,
                        'no_followup': False,
                    }
                ),
                Command.create(self._prepare_line_vals(imported.account_id, partner, -1)),
            ],
        }

    def _prepare_line_vals(self, account, partner, sign):
        """Return the values of one side of the entry; `sign` is 1 for the receivable, -1 for its counterpart."""
        return {
            'account_id': account.id,
            'amount_currency': sign * self.balance,
            'balance': sign * self._company_balance(),
            'currency_id': self.currency_id.id,
            'name': self._label(),
            'partner_id': partner.id,
        }

    def _company_balance(self):
        """Return the balance in company currency: the file's own, else at the rate of the opening date."""
        if self.currency_id == self.company_currency_id:
            return self.balance
        if self.has_book_balance:
            return self.company_currency_id.round(self.book_balance)
        imported = self.import_id
        return self.currency_id._convert(
            self.balance, self.company_currency_id, imported.company_id, imported.date
        )

    def _label(self):
        if self.instalment:
            return self.env._(
                '%(document)s, instalment %(instalment)s',
                document=self.document,
                instalment=self.instalment,
            )
        return self.document

    def _import_key(self):
        """Return what the database holds unique: customer as the file tells it, number, instalment."""
        parts = (self.customer_key, self.document, self.instalment or '')
        return '|'.join(''.join(part.split()).upper() for part in parts)
