from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class _Expression:
    """A field whose SQL its model gives in `_expressions`.

    It says at once that it sorts, groups and aggregates. Odoo finds out by building the SQL of each, whenever a model
    is described; journal items are described at every write to a posted entry, and what posting invoices costs would
    grow by a tenth.
    """

    def to_sql(self, model, alias):
        return model._expression_to_sql(self, alias)

    def _description_sortable(self, _env):
        return True

    def _description_groupable(self, _env):
        return True

    def _description_aggregator(self, _env):
        return self.aggregator


class BooleanExpression(_Expression, fields.Boolean):
    """A yes or no defined by an SQL expression."""


class FloatExpression(_Expression, fields.Float):
    """A ratio or measure defined by an SQL expression."""


class IntegerExpression(_Expression, fields.Integer):
    """A number defined by an SQL expression."""


class JsonExpression(_Expression, fields.Json):
    """A structure defined by an SQL expression."""


class Many2oneExpression(_Expression, fields.Many2one):
    """A record whose id is defined by an SQL expression."""


class MonetaryExpression(_Expression, fields.Monetary):
    """An amount defined by an SQL expression."""


class SelectionExpression(_Expression, fields.Selection):
    """One of several values defined by an SQL expression."""


class CobranzaExpressionMixin(models.AbstractModel):
    """Fields that are SQL expressions: grouped, sorted and searched like columns, never stored, never stale.

    A model overrides `_expressions`; its fields, of the classes above, use `compute='_compute_expressions'` and
    `search=search_expression('<name>')`. The expression is the only definition: reading a field runs it.
    """

    _name = 'cobranza.expression.mixin'
    _description = 'Fields Defined by an SQL Expression'

    def _expressions(self):
        """Return {field name: callable(alias) -> SQL}."""
        return {}

    def _expression_sources(self):
        """Return {model: names of the stored fields that the expressions read}, written before a search reads them."""
        return {}

    def _expression_to_sql(self, field, alias):
        """Return the SQL of an expression field; what it reads is written to the database first."""
        sources = (
            self.env[model]._fields[name]
            for model, names in self._expression_sources().items()
            for name in names
        )
        return SQL('(%s)', self._expressions()[field.name](alias), to_flush=sources)

    def _compute_expressions(self):
        """Read every expression of the records in one statement.

        A record shown in a form that is not saved yet has the value of the one it stands for; a new one has none.
        """
        expressions = self._expressions()
        saved = self._origin
        values = (
            {row[0]: row[1:] for row in saved._read_expressions(expressions.values())}
            if saved
            else {}
        )
        nothing = (False,) * len(expressions)
        for record in self:
            for name, value in zip(expressions, values.get(record._origin.id, nothing)):
                record[name] = value

    def _read_expressions(self, expressions):
        """Return (id, *values) rows of the given expressions for these records."""
        self.env.flush_all()
        columns = [SQL('(%s)', expression(self._table)) for expression in expressions]
        return self.env.execute_query(
            SQL(
                'SELECT id, %s FROM %s WHERE id = ANY(%s)',
                SQL(', ').join(columns),
                SQL.identifier(self._table),
                self.ids,
            )
        )

    def _search_expression(self, name, operator, value):
        """Return the Domain of a condition on the expression field `name`."""
        field = self._fields[name]
        if operator in ('any', 'any!'):
            comodel = self.env[field.comodel_name].sudo(operator == 'any!' or self.env.su)

            def to_sql(model, alias, query):
                found = comodel._search(value) if isinstance(value, Domain) else value
                return SQL('%s IN %s', model._field_to_sql(alias, name, query), found.subselect())
        elif operator.startswith('not '):
            return NotImplemented  # the ORM negates the positive condition

        else:

            def to_sql(model, alias, query):
                return field.condition_to_sql(name, operator, value, model, alias, query)

        return Domain.custom(to_sql=to_sql)


def search_expression(name):
    """Return the `search` of the expression field `name`."""
    return lambda self, operator, value: self._search_expression(name, operator, value)
