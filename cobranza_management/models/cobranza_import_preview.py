from collections import defaultdict

from odoo import api, models
from odoo.tools import format_amount, get_lang

from ..tools.import_documents import Reader, read_documents

#: What people write for the dollars of the United States where a dollar sign means pesos.
DOLLARS = ('us$', 'u$s', 'usd$', 'us')
#: Rows created at a time.
CHUNK = 1000


class CobranzaImport(models.Model):
    """The preview: every row becomes a record with what would happen to it. Statements do not grow with rows."""

    _inherit = 'cobranza.import'

    def _preview(self):
        """Read the rows of the file and decide what each would become."""
        documents = self._documents()
        self.row_ids.unlink()
        values = [self._row_values(document) for document in self._resolve(documents)]
        Row = self.env['cobranza.import.row'].with_context(tracking_disable=True)
        for start in range(0, len(values), CHUNK):
            Row.create(values[start : start + CHUNK])
        self.state = 'preview'
        self._refresh_matches()

    def _documents(self):
        """Return the documents of the file, as its columns say."""
        columns = {column.position: column.meaning for column in self.column_ids if column.meaning}
        rows = [row for row in self._read_rows() if row.number > self.header_row]
        first_is_day = {'dmy': True, 'mdy': False}.get(self.date_order)
        mark = '' if self.decimal_mark == 'auto' else self.decimal_mark
        return read_documents(rows, columns, mark, first_is_day, self.credits, self._reader())

    def _reader(self):
        """Return what the file is read by where it is silent: the language of who reads it, and the company."""
        return Reader(
            mark=self._local_mark(),
            day_first=self._local_day_first(),
            country=self.company_id.country_id.code or '',
            decimals=self._decimals(self.currency_id),
        )

    @api.model
    def _local_mark(self):
        """Return the decimal mark of the language of whoever reads the file."""
        return get_lang(self.env, self.env.user.lang).decimal_point

    def _local_day_first(self):
        """Tell whether the language of whoever reads the file writes the day before the month."""
        form = get_lang(self.env, self.env.user.lang).date_format
        return form.find('%d') < form.find('%m')

    @api.model
    def _decimals(self, own):
        """Return {word for a currency: its decimals}; '' is the company's `own`."""
        places = {word: currency.decimal_places for word, currency in self._currencies(own).items()}
        return places | {'': own.decimal_places}

    # === WORDS → RECORDS === #

    def _resolve(self, documents):
        """Yield (document, currency, country, salesperson, notes) with records for the words of the file."""
        currencies = self._currencies(self.currency_id)
        countries, users = self._countries(), self._salespeople()
        unrated = self._currencies_without_rate()
        for document in documents:
            notes = [self._explain(code, detail) for code, detail in document.notes]
            currency = self._find_currency(document, currencies, unrated, notes)
            self._check_book_balance(document, currency)
            country = countries.get(document.country.casefold()) if document.country else None
            if document.country and not country:
                notes.append(self.env._('Unknown country "%s"', document.country))
            user = users.get(document.salesperson.casefold()) if document.salesperson else None
            if document.salesperson and not user:
                notes.append(self.env._('Unknown salesperson "%s"', document.salesperson))
            yield document, currency, country, user, notes

    def _find_currency(self, document, currencies, unrated, notes):
        """Return the currency of a document, by its column or the sign beside its amount, and note what is wrong."""
        word, sign = document.currency.casefold(), document.currency_sign.casefold()
        currency, signed = currencies.get(word or sign), currencies.get(sign)
        if word and not currency:
            document.problems.append(('unknown_currency', document.currency))
            return self.env['res.currency']
        if not currency:
            if sign:
                notes.append(self._explain('unknown_sign', document.currency_sign))
            return self.currency_id
        if signed and signed != currency and sign != currency.symbol.casefold():
            document.problems.append(('other_sign', document.currency_sign))
        if not currency.active:
            document.problems.append(('inactive_currency', currency.name))
        elif currency in unrated and document.book_balance is None:
            document.problems.append(('no_rate', currency.name))
        return currency

    def _check_book_balance(self, document, currency):
        """Note a balance in company currency that cannot be the other one's: an entry has one sign and one worth."""
        balance, book, own = document.balance, document.book_balance, self.currency_id
        if balance is None or book is None or not currency or currency.is_zero(balance):
            return
        if currency == own:
            if own.compare_amounts(balance, book):
                document.problems.append(('book_differs', own.name))
        elif own.is_zero(book):
            document.problems.append(('book_is_zero', own.name))
        elif (balance < 0) != (book < 0):
            document.problems.append(('book_opposite', own.name))

    @api.model
    def _currencies(self, own):
        """Return {word: currency}: codes, names, signs that only one active currency has, and the company's `own`."""
        Currency = self.env['res.currency'].with_context(active_test=False)
        every = Currency.search([])  # pylint: disable=no-search-all
        words, signs = {}, defaultdict(set)
        for currency in every.sorted(lambda currency: (currency == own, currency.active)):
            for word in (currency.full_name, currency.currency_unit_label, currency.name):
                if word:
                    words[word.casefold()] = currency
            if currency.active and currency.symbol:
                signs[currency.symbol.casefold()].add(currency)
        words |= {sign: owners.pop() for sign, owners in signs.items() if len(owners) == 1}
        dollars = {word: words['usd'] for word in DOLLARS if 'usd' in words}
        return words | dollars | {own.symbol.casefold(): own}

    def _currencies_without_rate(self):
        """Return the active currencies that had no rate on the opening date."""
        rated = self.env['res.currency.rate']._read_group(
            [
                ('company_id', 'in', (False, self.company_id.root_id.id)),
                ('name', '<=', self.date),
            ],
            ['currency_id'],
        )
        known = self.currency_id.union(*(currency for (currency,) in rated))
        every = self.env['res.currency'].search([])  # pylint: disable=no-search-all
        return every - known

    def _countries(self):
        """Return {word: country}: codes, and names in the languages that are installed."""
        countries = self.env['res.country'].search([])  # pylint: disable=no-search-all
        words = {}
        for code, _name in self.env['res.lang'].get_installed():
            for country in countries.with_context(lang=code):
                words[country.name.casefold()] = country
        return words | {country.code.casefold(): country for country in countries}

    def _salespeople(self):
        """Return {word: user}: names, logins and addresses of the company's users."""
        users = self.env['res.users'].search(
            [('share', '=', False), ('company_ids', 'in', self.company_id.id)]
        )
        words = {}
        for user in users:
            for word in filter(None, (user.name, user.email, user.login)):
                words[word.casefold()] = user
        return words

    # === ROWS === #

    def _row_values(self, resolved):
        """Return the values of the row of a document."""
        document, currency, country, user, notes = resolved
        balance = currency.round(document.balance or 0) if currency else document.balance or 0
        problems = [self._explain(code, detail) for code, detail in document.problems]
        return {
            'import_id': self.id,
            'number': document.row,
            'state': 'error' if problems else 'new' if balance else 'nothing',
            'reason': '; '.join(dict.fromkeys(problems)),  # two columns may hold the same mistake
            'note': '; '.join(notes),
            'customer_key': '|'.join(document.customer),
            'vat': document.vat,
            'reference': document.reference,
            'name': document.name,
            'email': document.email,
            'phone': document.phone,
            'country_id': country.id if country else False,
            'salesperson_id': user.id if user else False,
            'tag': document.tag,
            'document': document.number,
            'instalment': document.instalment,
            'issue_date': document.issue_date,
            'due_date': document.due_date,
            'currency_id': currency.id,
            'amount': document.amount,
            'balance': balance,
            'has_book_balance': document.book_balance is not None,
            'book_balance': document.book_balance,
        }

    def _explain(self, code, detail):
        """Return what is wrong with a row in plain words."""
        return {
            'bad_amount': self.env._('"%s" is not an amount', detail),
            'bad_date': self.env._('"%s" is not a date', detail),
            'book_differs': self.env._(
                'The document is in %s already: both balances must be the same', detail
            ),
            'book_is_zero': self.env._(
                'The balance in %s is zero: leave it empty to convert the open balance', detail
            ),
            'book_opposite': self.env._(
                'The open balance and the one in %s have opposite signs', detail
            ),
            'due_before_issue': self.env._('It is due before it was issued'),
            'duplicate': self.env._('The same document stands in row %s', detail),
            'excel_error': self.env._('"%s" is an error of Excel', detail),
            'inactive_currency': self.env._('The currency %s is switched off', detail),
            'more_than_original': self.env._('More is open than the original amount'),
            'negative': self.env._('The balance is negative'),
            'negative_original': self.env._(
                'The original amount is negative and the open balance is not'
            ),
            'no_balance': self.env._('The open balance is missing'),
            'no_customer': self.env._('The customer is missing'),
            'no_due_date': self.env._('The due date is missing'),
            'no_number': self.env._('The document number is missing'),
            'no_rate': self.env._('There is no rate for %s on the opening date', detail),
            'no_tax_id': self.env._('"%s" is no tax ID', detail),
            'other_name': self.env._('Row %s gives this tax ID to another name', detail),
            'other_sign': self.env._('The sign "%s" is of another currency', detail),
            'other_tax_id': self.env._('The same name has another tax ID in row %s', detail),
            'spoilt_code': self.env._(
                '"%s" is what Excel made of a code: write the column as text', detail
            ),
            'swapped_date': self.env._(
                'Excel may have swapped day and month of %s: compare it with the document;'
                ' if it is right, say under "Dates" how the file writes them',
                detail,
            ),
            'unclear_amount': self.env._(
                '"%s" can be read in two ways: say under "Numbers" how the file writes them', detail
            ),
            'unclear_date': self.env._(
                '"%s" can be read in two ways: say under "Dates" how the file writes them', detail
            ),
            'unknown_currency': self.env._('Unknown currency "%s"', detail),
            'unknown_sign': self.env._(
                'The sign "%s" is of no single currency: taken in the currency of the company',
                detail,
            ),
        }[code]

    # === SUMMARY === #

    def _summary_values(self):
        """Return what the summary of the preview shows."""
        groups = self.env['cobranza.import.row']._read_group(
            [('import_id', '=', self.id)],
            ['currency_id', 'state'],
            ['__count', 'balance:sum'],
        )
        totals = defaultdict(dict)
        for currency, state, count, balance in groups:
            amount = format_amount(self.env, balance, currency) if currency else ''
            totals[currency][state] = (count, amount)
        customers = self.row_ids.filtered(lambda row: row.state not in ('error', 'nothing'))
        created = customers.filtered('customer_is_new')
        return {
            'import': self,
            'totals': dict(totals),
            'states': [
                option
                for option in self.env['cobranza.import.row']
                ._fields['state']
                ._description_selection(self.env)
                if any(option[0] in amounts for amounts in totals.values())
            ],
            'matched': len(set((customers - created).mapped('customer_key'))),
            'created': len(set(created.mapped('customer_key'))),
        }
