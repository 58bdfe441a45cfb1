"""Statements of account as a spreadsheet whose totals are formulas over the documents beside them."""

from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell

#: Columns of the sheet of documents: key, width.
ITEM_COLUMNS = (
    ('case', 8), ('debtor', 32), ('document', 22), ('kind', 14), ('date', 12), ('due', 12), ('days', 10),
    ('bucket', 16), ('currency', 10), ('original', 16), ('open', 16), ('net', 16), ('mark', 14),
)  # fmt: skip
ITEM_PLACES = {key: place for place, (key, _width) in enumerate(ITEM_COLUMNS)}
ITEM_AMOUNTS = ('original', 'open', 'net')
#: Columns of the sheet of debtors before and after those of the buckets: key, width.
DEBTOR_COLUMNS = (('case', 8), ('debtor', 32), ('vat', 16), ('currency', 10))
DEBTOR_SUMS = ('favour', 'balance', 'overdue')
AMOUNT_WIDTH, HEAD_ROW, MOST_CHARTS = 16, 3, 4


class Bucket(NamedTuple):
    """A column of the aging; None stands for no bound."""

    name: str
    color: str
    first_day: int
    last_day: int


class Account(NamedTuple):
    """The statements of one company: dicts by column; a debtor's `buckets` are amounts in the order of the buckets."""

    company: str
    subtitle: str
    buckets: list
    debtors: list
    items: list
    decimals: dict  # {currency: decimal places}


def fill(book, accounts, words, formulas):
    """Write the sheets of a workbook: two for each company, and one with the formulas.

    :param book: an open xlsxwriter.Workbook
    :param dict words: titles of columns and sheets, by key
    :param formulas: list of (figure, how it is worked out, in terms of the spreadsheet)
    """
    for number, account in enumerate(accounts, start=1):
        suffix = f' {number}' if len(accounts) > 1 else ''
        names = [words[key][: 31 - len(suffix)] + suffix for key in ('aging', 'items')]
        AccountSheets(book, account, words, *names).fill()
    _write_formulas(book, words, formulas)


def _write_formulas(book, words, formulas):
    page = book.add_worksheet(words['formulas'][:31])
    head = book.add_format({'bold': True, 'bg_color': '#E9ECEF', 'bottom': 1})
    wrapped = book.add_format({'text_wrap': True, 'valign': 'top'})
    bold = book.add_format({'bold': True, 'valign': 'top'})
    code = book.add_format({'font_name': 'Consolas', 'text_wrap': True, 'valign': 'top'})
    for place, (key, width) in enumerate((('figure', 26), ('meaning', 70), ('formula', 60))):
        page.set_column(place, place, width)
        page.write_string(0, place, words[key], head)
    for number, row in enumerate(formulas, start=1):
        for place, (text, style) in enumerate(zip(row, (bold, wrapped, code))):
            page.write_string(number, place, text, style)
    page.freeze_panes(1, 1)


def _add(amounts):
    """Return the sum of the amounts that are there, free of what floats leave behind."""
    return round(sum(amount for amount in amounts if amount is not None), 6)


class AccountSheets:
    """The two sheets of a company: a row for each debtor and currency, and the documents they add up."""

    def __init__(self, book, account, words, aging_name, items_name):
        self._book, self._account, self._words, self._styles = book, account, words, {}
        self._aging, self._items = book.add_worksheet(aging_name), book.add_worksheet(items_name)
        self._aging_name, self._items_name = (
            quote_sheetname(aging_name),
            quote_sheetname(items_name),
        )
        self._last = max(len(account.items), 1)
        self._first_bucket = len(DEBTOR_COLUMNS)
        self._first_sum = self._first_bucket + len(account.buckets)

    def fill(self):
        self._write_items()
        self._write_debtors()
        for page, rows in ((self._aging, HEAD_ROW), (self._items, 0)):
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(rows)

    # === DOCUMENTS === #

    def _write_items(self):
        page, account = self._items, self._account
        colors = {bucket.name: bucket.color for bucket in account.buckets}
        for key, width in ITEM_COLUMNS:
            page.set_column(ITEM_PLACES[key], ITEM_PLACES[key], width)
            page.write_string(0, ITEM_PLACES[key], self._words[key], self._head())
        for number, item in enumerate(account.items, start=1):
            self._write_item(number, item, colors)
        page.freeze_panes(1, 3)
        page.autofilter(0, 0, self._last, len(ITEM_COLUMNS) - 1)
        places = [ITEM_PLACES[key] for key in ITEM_AMOUNTS]
        self._write_totals(page, account.items, (1, self._last), ITEM_PLACES['currency'], places,
                           lambda item: [item[key] for key in ITEM_AMOUNTS])  # fmt: skip

    def _write_item(self, number, item, colors):
        money = self._money(item['currency'])
        for key, place in ITEM_PLACES.items():
            value = item[key]
            if value is None or value == '':
                continue
            if key in ITEM_AMOUNTS:
                self._items.write_number(number, place, value, money)
            elif key in ('date', 'due'):
                self._items.write_datetime(
                    number, place, value, self._style(num_format='yyyy-mm-dd')
                )
            elif isinstance(value, str):
                edge = {'left': 5, 'left_color': colors[value]} if key == 'bucket' else {}
                self._items.write_string(number, place, value, self._style(**edge))
            else:
                self._items.write_number(number, place, value)

    # === DEBTORS === #

    def _write_debtors(self):
        page, account = self._aging, self._account
        page.write_string(0, 0, account.company, self._style(bold=True, font_size=14))
        page.write_string(1, 0, account.subtitle, self._style(font_color='#555555'))
        self._write_debtor_heads()
        first = HEAD_ROW + 1
        for number, debtor in enumerate(account.debtors, start=first):
            self._write_debtor(number, debtor)
        last = HEAD_ROW + max(len(account.debtors), 1)
        width = self._first_sum + len(DEBTOR_SUMS)
        page.freeze_panes(first, 2)
        page.autofilter(HEAD_ROW, 0, last, width - 1)
        totals = self._write_totals(page, account.debtors, (first, last), 3, range(self._first_bucket, width),
                                    self._amounts_of)  # fmt: skip
        self._draw(totals, max(totals.values(), default=last) + 2)

    def _amounts_of(self, debtor):
        return [*debtor['buckets'], *(debtor[key] for key in DEBTOR_SUMS)]

    def _write_debtor_heads(self):
        for place, (key, width) in enumerate(DEBTOR_COLUMNS):
            self._aging.set_column(place, place, width)
            self._aging.write_string(HEAD_ROW, place, self._words[key], self._head())
        self._aging.set_column(
            self._first_bucket, self._first_sum + len(DEBTOR_SUMS) - 1, AMOUNT_WIDTH
        )
        for place, bucket in enumerate(self._account.buckets, start=self._first_bucket):
            edge = self._head(bottom=5, bottom_color=bucket.color)
            self._aging.write_string(HEAD_ROW, place, bucket.name, edge)
        for place, key in enumerate(DEBTOR_SUMS, start=self._first_sum):
            self._aging.write_string(HEAD_ROW, place, self._words[key], self._head())

    def _write_debtor(self, number, debtor):
        money = self._money(debtor['currency'])
        self._aging.write_number(number, 0, debtor['case'])
        for place, key in enumerate(('debtor', 'vat', 'currency'), start=1):
            self._aging.write_string(number, place, debtor[key])
        for place, (formula, amount) in enumerate(
            zip(self._formulas_of(number), self._amounts_of(debtor)), start=self._first_bucket
        ):
            self._aging.write_formula(number, place, formula, money, amount)

    def _formulas_of(self, number):
        """Return the formulas of a debtor's amounts: sums of their documents in the row's currency."""
        balance = xl_rowcol_to_cell(number, self._first_sum + 1)
        return [
            *(self._sum(number, 'net', *self._ages(bucket)) for bucket in self._account.buckets),
            f'=MIN(0,{balance})',
            self._sum(number, 'open'),
            self._sum(number, 'net', '">0"'),
        ]

    @staticmethod
    def _ages(bucket):
        """Return the conditions on the days late that a bucket stands for."""
        bounds = (('>=', bucket.first_day), ('<=', bucket.last_day))
        return [f'"{sign}{day}"' for sign, day in bounds if day is not None]

    def _sum(self, number, key, *ages):
        """Return the formula that adds up a column over the documents of a row."""
        conditions = [('case', xl_rowcol_to_cell(number, 0, col_abs=True)),
                      ('currency', xl_rowcol_to_cell(number, 3, col_abs=True)),
                      *(('days', age) for age in ages)]  # fmt: skip
        pairs = ','.join(f'{self._column(name)},{value}' for name, value in conditions)
        return f'=SUMIFS({self._column(key)},{pairs})'

    def _column(self, key):
        place = ITEM_PLACES[key]
        return f'{self._items_name}!{xl_range_abs(1, place, self._last, place)}'

    # === TOTALS AND CHART === #

    def _write_totals(self, page, rows, span, currency_place, places, amounts_of):
        """Write a total for each currency below the rows and outside the filter; return {currency: its row}.

        Of a single currency it follows the filter; of several, each adds up its own.
        """
        first, last = span
        codes = sorted({row['currency'] for row in rows})
        written = {}
        for number, code in enumerate(codes, start=last + 2):
            written[code] = number
            mine = [amounts_of(row) for row in rows if row['currency'] == code]
            foot = self._foot()
            page.write_string(number, 1, self._words['total'], foot)
            page.write_string(number, currency_place, code, foot)
            for place, amounts in zip(places, zip(*mine)):
                column = xl_range(first, place, last, place)
                currencies = xl_range_abs(first, currency_place, last, currency_place)
                mark = xl_rowcol_to_cell(number, currency_place, col_abs=True)
                formula = (
                    f'=SUBTOTAL(109,{column})'
                    if len(codes) == 1
                    else f'=SUMIFS({column},{currencies},{mark})'
                )
                page.write_formula(number, place, formula, self._foot(code), _add(amounts))
        return written

    def _draw(self, totals, row):
        """Draw the aging of each currency, in the colours of the buckets."""
        first, last = self._first_bucket, self._first_sum - 1
        for number, (code, total) in enumerate(list(totals.items())[:MOST_CHARTS]):
            chart = self._book.add_chart({'type': 'column'})
            chart.add_series(
                {
                    'name': code,
                    'categories': f'={self._aging_name}!{xl_range_abs(HEAD_ROW, first, HEAD_ROW, last)}',
                    'values': f'={self._aging_name}!{xl_range_abs(total, first, total, last)}',
                    'points': [{'fill': {'color': bucket.color}} for bucket in self._account.buckets],
                    'gap': 60,
                }
            )  # fmt: skip
            chart.set_title({'name': f'{self._words["aging"]}, {code}', 'name_font': {'size': 12}})
            chart.set_legend({'none': True})
            chart.set_y_axis(
                {'min': 0, 'num_format': '#,##0', 'major_gridlines': {'visible': True, 'line': {'color': '#DDDDDD'}}}
            )  # fmt: skip
            chart.set_size({'width': 620, 'height': 300})
            self._aging.insert_chart(row + number * 16, 1, chart)

    # === STYLES === #

    def _style(self, **options):
        """Return a format; each is made once."""
        key = tuple(sorted(options.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(options)
        return self._styles[key]

    def _head(self, **options):
        return self._style(**{'bold': True, 'bg_color': '#E9ECEF', 'bottom': 1, 'text_wrap': True,
                              'valign': 'top', **options})  # fmt: skip

    def _foot(self, currency=None):
        number = {'num_format': self._pattern(currency)} if currency else {}
        return self._style(bold=True, top=1, bg_color='#F4F5F7', **number)

    def _money(self, currency):
        return self._style(num_format=self._pattern(currency))

    def _pattern(self, currency):
        places = self._account.decimals[currency]
        return '#,##0' + ('.' + '0' * places if places else '')
