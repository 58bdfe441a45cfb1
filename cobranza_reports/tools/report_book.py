"""A report as a spreadsheet that can be checked: totals and ratios are formulas over the cells beside them."""

from typing import Any, NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell

#: Width in characters and number format, by kind of column; money has the decimals of its currency.
KINDS = {
    'text': (26, '@'),
    'currency': (10, '@'),
    'date': (12, 'yyyy-mm-dd'),
    'month': (12, 'yyyy-mm'),
    'year': (10, 'yyyy'),
    'count': (11, '#,##0'),
    'number': (13, '#,##0.0'),
    'money': (17, ''),
}
#: Rows above the titles of columns; points a chart can show; currencies with a chart each.
HEAD_ROW, MOST_POINTS, MOST_CHARTS = 4, 60, 4
SHADE, INK, LINE_COLOR = '#E9ECEF', '#0B4F6C', '#DDDDDD'


class Ratio(NamedTuple):
    """A figure that is a sum over a sum, times a number or the average of a column; '-name' is taken away."""

    above: tuple
    below: tuple
    scale: Any


class Column(NamedTuple):
    """A column; `adds` tells that its total is the sum of its rows."""

    key: str
    title: str
    kind: str = 'text'
    meaning: str = ''
    ratio: Ratio | None = None
    adds: bool = False


class Table(NamedTuple):
    """A sheet: rows are dicts by column, those of a currency together; `totals` is a list of such dicts, one for each.

    `live`: the ratios of a row are those of its cells.
    """

    name: str
    columns: list
    rows: list
    totals: list
    live: bool = True


class Chart(NamedTuple):
    """What is drawn of the first table: one picture for each currency."""

    figure: str
    line: bool = False


class Words(NamedTuple):
    """Texts of the workbook."""

    title: str
    lines: tuple  # of what, of when, by which filters
    total: str
    chart: str
    formulas: str
    figure: str
    meaning: str
    in_this_file: str


def work_out(ratio, values):
    """Return a ratio of the values of columns, None when there is nothing to divide by.

    >>> work_out(Ratio(('open', '-not_due'), ('open',), 100), {'open': 80.0, 'not_due': 60.0})
    25.0
    >>> work_out(Ratio(('open',), ('sales',), 'days'), {'open': 80.0, 'sales': 40.0, 'days': 30})
    60.0
    >>> work_out(Ratio(('open',), ('sales',), 1), {'open': 80.0})
    """
    above, below = (
        sum(_sign(name) * (values.get(name.lstrip('-')) or 0) for name in names)
        for names in (ratio.above, ratio.below)
    )
    scale = values.get(ratio.scale) or 0 if isinstance(ratio.scale, str) else ratio.scale
    return above / below * scale if below else None


def say(ratio, titles):
    """Return a ratio in terms of the titles of columns.

    >>> say(Ratio(('open', '-not_due'), ('sales',), 'days'), {'open': 'Open', 'not_due': 'Not due', 'sales': 'Sales',
    ...     'days': 'Days'})
    '(Open − Not due) ÷ Sales × Days'
    """
    above, below = (_say_sum(names, titles) for names in (ratio.above, ratio.below))
    scale = titles[ratio.scale] if isinstance(ratio.scale, str) else ratio.scale
    return f'{above} ÷ {below}' + (f' × {scale}' if scale != 1 else '')


def _say_sum(names, titles):
    first, *others = names
    text = titles[first] + ''.join(
        f' {"−" if name.startswith("-") else "+"} {titles[name.lstrip("-")]}' for name in others
    )
    return f'({text})' if others else text


def _sign(name):
    return -1 if name.startswith('-') else 1


def _same(one, other):
    """Tell whether two figures are the same but for what floats leave behind."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))


def fill(book, tables, words, decimals, chart=None):
    """Write the sheets of a workbook: the tables, the chart of the first one, and what each figure is.

    :param book: an open xlsxwriter.Workbook
    :param dict decimals: {currency: decimal places}
    """
    styles = Styles(book, decimals)
    sheets = [TableSheet(book, table, words, styles) for table in tables]
    for sheet in sheets:
        sheet.fill()
    if chart and tables[0].rows:
        sheets[0].draw(chart)
    _write_formulas(book, tables, words, styles)


def _write_formulas(book, tables, words, styles):
    """Say of every figure how it is worked out, in words and in terms of the columns."""
    page = book.add_worksheet(words.formulas[:31])
    columns = {column.key: column for table in tables for column in table.columns}
    titles = {key: column.title for key, column in columns.items()}
    heads = ((words.figure, 28), (words.meaning, 80), (words.in_this_file, 60))
    for place, (title, width) in enumerate(heads):
        page.set_column(place, place, width)
        page.write_string(0, place, title, styles.head())
    figures = [column for column in columns.values() if column.kind in ('count', 'number', 'money')]
    top = {'valign': 'top', 'text_wrap': True}
    for number, column in enumerate(figures, start=1):
        here = say(column.ratio, titles) if column.ratio else ''
        here = here or ('SUBTOTAL(109; …)' if column.adds else '')
        page.write_string(number, 0, column.title, styles.get(bold=True, **top))
        page.write_string(number, 1, column.meaning, styles.get(**top))
        page.write_string(number, 2, here, styles.get(font_name='Consolas', **top))
    page.freeze_panes(1, 1)


class Styles:
    """The formats of a workbook; each is made once."""

    def __init__(self, book, decimals):
        self._book, self._decimals, self._made = book, decimals, {}

    def get(self, **options):
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(options)
        return self._made[key]

    def head(self):
        return self.get(bold=True, bg_color=SHADE, bottom=1, text_wrap=True, valign='top')

    def of(self, kind, currency, **options):
        return self.get(num_format=self._pattern(kind, currency), **options)

    def foot(self, kind, currency):
        return self.of(kind, currency, bold=True, top=1, bg_color='#F4F5F7')

    def _pattern(self, kind, currency):
        if kind != 'money':
            return KINDS[kind][1]
        places = self._decimals.get(currency, 2)
        return '#,##0' + ('.' + '0' * places if places else '')


class TableSheet:
    """The sheet of a table: its first column is the currency, its totals are below, one for each currency."""

    def __init__(self, book, table, words, styles):
        self._book, self._table, self._words, self._styles = book, table, words, styles
        self._page = book.add_worksheet(table.name)
        self._name = quote_sheetname(table.name)
        self._places = {column.key: place for place, column in enumerate(table.columns)}
        self._currency = next(c.key for c in table.columns if c.kind == 'currency')
        self._first, self._last = HEAD_ROW + 1, HEAD_ROW + max(len(table.rows), 1)

    def fill(self):
        page, words = self._page, self._words
        page.write_string(0, 0, words.title, self._styles.get(bold=True, font_size=14))
        for number, line in enumerate(words.lines[: HEAD_ROW - 1], start=1):
            page.write_string(number, 0, line, self._styles.get(font_color='#555555'))
        for place, column in enumerate(self._table.columns):
            page.set_column(place, place, KINDS[column.kind][0])
            page.write_string(HEAD_ROW, place, column.title, self._styles.head())
        for number, row in enumerate(self._table.rows, start=self._first):
            self._write_row(number, row)
        self._write_totals()
        page.freeze_panes(self._first, self._frozen())
        page.autofilter(HEAD_ROW, 0, self._last, len(self._table.columns) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD_ROW)

    def _frozen(self):
        """Return how many columns stay: those before the first figure, but no more than two of them."""
        figures = ('count', 'number', 'money')
        names = [column for column in self._table.columns if column.kind not in figures]
        return min(len(names), 2)

    def _write_row(self, number, row):
        currency = row[self._currency]
        for place, column in enumerate(self._table.columns):
            value = row.get(column.key)
            if (value is None or value is False or value == '') and not column.ratio:
                continue
            style = self._styles.of(column.kind, currency)
            formula = self._formula_of_row(column, number, row) if column.ratio else ''
            if formula:
                self._page.write_formula(
                    number, place, formula, style, '' if value is None else value
                )
            elif column.kind in ('text', 'currency'):
                self._page.write_string(number, place, value, style)
            elif column.kind in ('date', 'month', 'year'):
                self._page.write_datetime(number, place, value, style)
            elif value is not None:
                self._page.write_number(number, place, value, style)

    def _formula_of_row(self, column, number, row):
        """Return the formula of a ratio of the cells of a row, if it says what the report says."""
        if not self._table.live or not self._has_parts(column.ratio):
            return ''
        if not _same(work_out(column.ratio, row), row.get(column.key)):
            return ''
        return self._formula(
            column.ratio, lambda name: xl_rowcol_to_cell(number, self._places[name])
        )

    def _has_parts(self, ratio):
        names = [name.lstrip('-') for name in (*ratio.above, *ratio.below)]
        names += [ratio.scale] if isinstance(ratio.scale, str) else []
        return all(name in self._places for name in names)

    @staticmethod
    def _formula(ratio, cell, average=None):
        """Return a ratio as a formula; `cell` gives what stands for a column, `average` for that of the scale."""
        above, below = (
            ''.join(
                ('-' if name.startswith('-') else '+') + cell(name.lstrip('-')) for name in names
            )
            for names in (ratio.above, ratio.below)
        )
        scale = (average or cell)(ratio.scale) if isinstance(ratio.scale, str) else str(ratio.scale)
        return f'=IF(({below})=0,"",({above})/({below})*{scale})'

    # === TOTALS === #

    def _write_totals(self):
        """Write the totals outside the filter; of a single currency, they follow it."""
        for number, total in enumerate(self._table.totals, start=self._last + 2):
            currency = total[self._currency]
            rows = [row for row in self._table.rows if row[self._currency] == currency]
            for place, column in enumerate(self._table.columns):
                style = self._styles.foot(column.kind, currency)
                if column.key == self._currency:
                    self._page.write_string(number, place, currency, style)
                elif place == 1 and column.kind not in ('count', 'number', 'money'):
                    self._page.write_string(
                        number, place, self._words.total, self._styles.foot('text', '')
                    )
                else:
                    self._write_total(number, place, column, total, rows, style)

    def _write_total(self, number, place, column, total, rows, style):
        value, formula = total.get(column.key), ''
        single, mark = (
            len(self._table.totals) == 1,
            xl_rowcol_to_cell(number, self._places[self._currency], col_abs=True),
        )

        def over(function, name):
            cells = xl_range(self._first, self._places[name], self._last, self._places[name])
            if single:
                return f'SUBTOTAL({ {"SUM": 109, "AVERAGE": 101}[function] },{cells})'
            marks = xl_range_abs(
                self._first, self._places[self._currency], self._last, self._places[self._currency]
            )
            return f'{function}IFS({cells},{marks},{mark})'

        if column.adds:
            formula = '=' + over('SUM', column.key)
        elif column.ratio and self._adds_up(column, value, rows):
            formula = self._formula(
                column.ratio, lambda name: over('SUM', name), lambda name: over('AVERAGE', name)
            )
        if formula:
            self._page.write_formula(number, place, formula, style, '' if value is None else value)
        elif value is not None:
            self._page.write_number(number, place, value, style)
        else:
            self._page.write_blank(number, place, None, style)

    def _adds_up(self, column, value, rows):
        """Tell whether the ratio of the total is that of the sums of the rows."""
        ratio = column.ratio
        if not rows or not self._table.live or not self._has_parts(ratio):
            return False
        names = {name.lstrip('-') for name in (*ratio.above, *ratio.below)}
        sums = {name: sum(row.get(name) or 0 for row in rows) for name in names}
        if isinstance(ratio.scale, str):
            scales = [row[ratio.scale] for row in rows if row.get(ratio.scale) is not None]
            sums[ratio.scale] = sum(scales) / len(scales) if scales else 0
        return _same(work_out(ratio, sums), value)

    # === CHART === #

    def draw(self, chart):
        """Draw a figure of each currency on a sheet of its own."""
        page = self._book.add_worksheet(self._words.chart[:31])
        page.hide_gridlines(2)
        column = self._table.columns[self._places[chart.figure]]
        names = [
            p
            for p, c in enumerate(self._table.columns)
            if c.kind in ('text', 'date', 'month', 'year')
        ]
        for number, total in enumerate(self._table.totals[:MOST_CHARTS]):
            currency = total[self._currency]
            rows = [n for n, row in enumerate(self._table.rows, start=self._first)
                    if row[self._currency] == currency]  # fmt: skip
            first, last = rows[0], min(rows[-1], rows[0] + MOST_POINTS - 1)
            picture = self._book.add_chart({'type': 'line' if chart.line else 'column'})
            place = self._places[chart.figure]
            picture.add_series(
                {
                    'name': f'{column.title}, {currency}',
                    'categories': f'={self._name}!{xl_range_abs(first, names[0], last, names[-1])}',
                    'values': f'={self._name}!{xl_range_abs(first, place, last, place)}',
                    'fill': {'color': INK},
                    'line': {'color': INK, 'width': 2},
                    'gap': 60,
                }
            )
            picture.set_title({'name': f'{column.title}, {currency}', 'name_font': {'size': 12}})
            picture.set_legend({'none': True})
            picture.set_y_axis(
                {'min': 0, 'num_format': '#,##0', 'major_gridlines': {'visible': True, 'line': {'color': LINE_COLOR}}}
            )  # fmt: skip
            picture.set_size({'width': 900, 'height': 380})
            page.insert_chart(1 + number * 20, 1, picture)
