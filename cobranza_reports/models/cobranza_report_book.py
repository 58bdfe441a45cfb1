import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.cobranza_management.tools.workbook import open_book

from ..tools.report_book import Chart, Column, Ratio, Table, Words, fill

#: Rows that a person still scrolls through, and a spreadsheet opens at once.
MOST_ROWS = 50_000
FIGURES = ('float', 'integer', 'monetary')
#: The currency that keeps amounts apart, first column of every sheet.
CURRENCY = 'company_currency_id'
#: Kinds of columns of dates by granularity.
GRAINS = {'day': 'date', 'week': 'date', 'month': 'month', 'quarter': 'month', 'year': 'year'}
#: Characters that no sheet may have in its name.
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", ' '))


class CobranzaReportMixin(models.AbstractModel):
    """A report as a spreadsheet: the rows or groups on the screen, their totals, a chart, and each figure's formula."""

    _inherit = 'cobranza.report.mixin'

    @api.model
    def _workbook(self, domain, groupby=(), figures=(), filters=''):
        """Return (name, bytes of an XLSX file) of what the user may read of a domain.

        :param groupby: as in `_read_group`; without any, every row, after a sheet that sums them up
        :param figures: names of the figures wanted, all by default; what they are made of comes with them
        :param filters: the filters in the user's words
        """
        self.check_access('read')
        groupby = [self._grain(spec) for spec in groupby if spec != CURRENCY]
        figures = self._book_figures(figures)
        tables = [self._book_groups(domain, groupby or [self._BOOK_BY], figures)]
        if not groupby:
            tables.append(self._book_rows(domain, figures, tables[0].totals))
        tables += self._book_more_tables(domain)
        words = self._book_words(filters)
        stream = io.BytesIO()
        with open_book(stream) as book:
            fill(
                book, tables, words,
                self._book_decimals(),
                self._book_chart(groupby or [self._BOOK_BY], figures),
            )  # fmt: skip
        day = fields.Date.context_today(self)
        return f'{words.title} {day}.xlsx', stream.getvalue()

    def _book_decimals(self):
        """Return {currency: decimal places}."""
        return dict(self.env['res.currency']._read_group([], ['name', 'decimal_places']))

    # === FIGURES === #

    def _book_figures(self, wanted):
        """Return the names of the figures wanted in the order of the report, and of the columns they are made of."""
        known = [
            name
            for name, field in sorted(self._fields.items(), key=lambda pair: pair[1]._sequence)
            if field.type in FIGURES
            and field.aggregator
            and name != 'id'
            and self._has_field_access(field, 'read')
        ]
        chosen = {name for name in known if name in wanted} or set(known)
        for name in list(chosen):
            chosen.update(self._parts_of(name))
        return [name for name in known if name in chosen]

    def _parts_of(self, name):
        """Return the names of the columns that a ratio is made of."""
        above, below, scale = self._RATIOS.get(name, ((), (), 1))
        parts = {part.lstrip('-') for part in (*above, *below)}
        return parts | ({scale} if isinstance(scale, str) else set())

    def _figure_columns(self, names):
        """Return the columns of figures; the help of a field is what it means."""
        described = self.fields_get(names, ['string', 'help', 'type'])
        kinds = {'monetary': 'money', 'float': 'number', 'integer': 'count'}
        return [
            Column(
                name,
                described[name]['string'],
                kinds[described[name]['type']],
                self._meaning(name, described[name].get('help') or ''),
                Ratio(*self._RATIOS[name]) if name in self._RATIOS else None,
                self._fields[name].aggregator == 'sum'
                and name not in self._RATIOS
                and name not in self._BALANCES_OF,
            )
            for name in names
        ]

    def _meaning(self, name, meaning):
        """Return what a figure is, and what its group shows."""
        if name in self._RATIOS:
            group = self.env._('Of a group: from the sums of its rows.')
        elif name in self._BALANCES_OF:
            group = self.env._('Of several months: their average.')
        else:
            group = {
                'sum': self.env._('Of a group: the sum of its rows.'),
                'avg': self.env._('Of a group: the average of its rows.'),
                'max': self.env._('Of a group: the highest of its rows.'),
                'min': self.env._('Of a group: the lowest of its rows.'),
            }.get(self._fields[name].aggregator, '')
        return ' '.join(filter(None, (meaning, group)))

    # === SHEETS === #

    def _book_groups(self, domain, groupby, figures):
        """Return the table of the groups of a domain, each currency's together."""
        aggregates = [f'{name}:{self._fields[name].aggregator}' for name in figures]
        groups = self._read_group(domain, [CURRENCY, *groupby], aggregates, limit=MOST_ROWS + 1)
        self._check_size(groups)
        totals = self._read_group(domain, [CURRENCY], aggregates)
        names = [spec.partition(':')[0] for spec in groupby]
        keys = [CURRENCY, *groupby, *figures]
        columns = [self._name_column(spec) for spec in (CURRENCY, *groupby)]
        fields_of = [self._fields[name] for name in (CURRENCY, *names)]
        rows = [
            dict(
                zip(keys, [
                    *(self._cell(field, value) for field, value in zip(fields_of, group)),
                    *map(self._number, group[len(fields_of):]),
                ])
            )
            for group in groups
        ]  # fmt: skip
        return Table(
            self._sheet_name(self.env._('Summary')),
            [*columns, *self._figure_columns(figures)],
            rows,
            [
                {CURRENCY: currency.name or '', **dict(zip(figures, map(self._number, amounts)))}
                for currency, *amounts in totals
            ],
            live=not self._BALANCES_OF or f'{self._MOMENT}:month' in groupby,
        )

    def _book_rows(self, domain, figures, totals):
        """Return the table of every row of a domain."""
        names = [name for name in self._row_names() if name != CURRENCY]
        records = self.search_fetch(domain, [CURRENCY, *names, *figures], limit=MOST_ROWS + 1)
        self._check_size(records)
        records = records.sorted(lambda row: row[CURRENCY].id)
        return Table(
            self._sheet_name(self.env._('Rows')),
            [self._name_column(name) for name in (CURRENCY, *names)]
            + self._figure_columns(figures),
            [
                {name: self._cell(self._fields[name], row[name]) for name in (CURRENCY, *names)}
                | {name: self._number(row[name]) for name in figures}
                for row in records
            ],
            totals,
        )

    def _book_more_tables(self, _domain):
        """Return sheets that a report adds to its own."""
        return []

    def _row_names(self):
        """Return the names of the columns that say which row it is."""
        hidden = {'id', 'create_uid', 'create_date', 'write_uid', 'write_date', 'display_name'}
        kinds = ('many2one', 'date', 'selection', 'char')
        described = self.fields_get(attributes=['type', 'store'])
        return [
            name
            for name, field in sorted(self._fields.items(), key=lambda pair: pair[1]._sequence)
            if name in described and field.type in kinds and field.store and name not in hidden
        ]

    def _check_size(self, rows):
        if len(rows) > MOST_ROWS:
            raise UserError(
                self.env._(
                    'These are more than %s rows, too many for a spreadsheet: filter them, or group them, such as by'
                    ' debtor or by month.',
                    f'{MOST_ROWS:,}',
                )
            )

    # === CELLS === #

    @api.model
    def _grain(self, spec):
        """Return a group-by with the granularity that dates need."""
        name = spec.partition(':')[0]
        field = self._fields.get(name)
        return f'{name}:month' if field and field.type == 'date' and ':' not in spec else spec

    def _name_column(self, spec):
        name, _colon, grain = spec.partition(':')
        title = self.fields_get([name], ['string'])[name]['string']
        kind = 'text'
        if name == CURRENCY:
            kind = 'currency'
        elif self._fields[name].type == 'date':
            kind = GRAINS.get(grain or 'day', 'text')
        return Column(spec, title, kind)

    def _cell(self, field, value):
        """Return a value as the spreadsheet shows it; what is empty is said, so that it can be filtered."""
        if field.type == 'many2one':
            return value.display_name or self.env._('None')
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value) or self.env._('None')
        if field.type == 'boolean':
            return self.env._('Yes') if value else self.env._('No')
        return value

    @staticmethod
    def _number(value):
        return None if value is None or value is False else float(value)

    def _sheet_name(self, name):
        return name.translate(FORBIDDEN)[:31]

    # === CHART AND WORDS === #

    def _book_chart(self, groupby, figures):
        figure = self._BOOK_FIGURE if self._BOOK_FIGURE in figures else figures[0]
        return Chart(figure, line=self._fields[groupby[0].partition(':')[0]].type == 'date')

    def _book_words(self, filters):
        day = format_date(self.env, fields.Date.context_today(self))
        return Words(
            title=self.env['ir.model']._get(self._name).name,
            lines=(
                ', '.join(self.env.companies.mapped('name')),
                self.env._('As read on %s', day),
                self.env._('Filters: %s', filters[:500]) if filters else '',
            ),
            total=self.env._('Total'),
            chart=self._sheet_name(self.env._('Chart')),
            formulas=self._sheet_name(self.env._('Formulas')),
            figure=self.env._('Figure'),
            meaning=self.env._('How it is worked out'),
            in_this_file=self.env._('In this file'),
        )
