from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.arrays import array_literal


class CobranzaColumnsMixin(models.AbstractModel):
    """Records that the night writes by the thousand, each with values of its own."""

    _name = 'cobranza.columns.mixin'
    _description = 'Columns Written Together'

    @api.model
    def _write_columns(self, names, rows):
        """Set columns of many records in one statement; those that already hold the values are not written.

        For columns no other stored field depends on: the ORM is told to forget them, not to recompute.

        :param names: column names
        :param dict rows: {id: values in the order of `names`}
        :return: {id: old value of the first column} of those that changed
        """
        if not rows:
            return {}
        columns = [SQL.identifier(name) for name in names]
        arrays = [
            SQL('%s::%s[]', array_literal(values), SQL(self._fields[name].column_type[1]))
            for name, values in zip(names, zip(*rows.values()))
        ]
        # what waits to be written of these records goes first: the row's own stamps are forgotten below
        self.flush_model([*names, 'write_date', 'write_uid'])
        changed = self.env.execute_query(
            SQL(
                """
            UPDATE %(table)s AS target SET (%(columns)s) = ROW(%(new)s), write_date = %(now)s, write_uid = %(uid)s
              FROM UNNEST(%(ids)s::int[], %(arrays)s) AS given(id, %(columns)s)
              JOIN %(table)s current ON current.id = given.id
             WHERE target.id = given.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
            RETURNING target.id, current.%(first)s
            """,
                table=SQL.identifier(self._table),
                columns=SQL(', ').join(columns),
                ids=array_literal(rows),
                arrays=SQL(', ').join(arrays),
                new=SQL(', ').join(SQL('given.%s', column) for column in columns),
                old=SQL(', ').join(SQL('current.%s', column) for column in columns),
                first=columns[0],
                now=self.env.cr.now(),
                uid=self.env.uid,
            )
        )
        self.browse(row[0] for row in changed).invalidate_recordset(
            [*names, 'write_date', 'write_uid'], flush=False
        )
        return dict(changed)

    def _write_rows(self, rows):
        """Write values of its own to each record, as the ORM takes them: a statement for the same field names.

        :param dict rows: {record: {field name: value}}
        """
        self.check_access('write')
        alike = defaultdict(dict)
        for record, values in rows.items():
            names = tuple(sorted(values))
            alike[names][record.id] = tuple(
                self._fields[name].convert_to_column(values[name], record) for name in names
            )
        for names, columns in alike.items():
            self._write_columns(names, columns)
            self.browse(columns).modified(names)
