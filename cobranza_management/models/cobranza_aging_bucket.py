from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.buckets import NO_END, NO_START, Bucket, find_problem


class CobranzaAgingBucket(models.Model):
    """A range of days overdue of one company. Never stored on a document: it would be stale tomorrow."""

    _name = 'cobranza.aging.bucket'
    _inherit = ['cobranza.cached.mixin']
    _description = 'Aging Bucket'
    _order = 'company_id, first_day'

    _CACHED = frozenset(('color', 'company_id', 'first_day', 'name'))

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        'res.company',
        required=True,
        index=True,
        ondelete='cascade',
        default=lambda self: self.env.company,
    )
    first_day = fields.Integer(
        string='From Day',
        required=True,
        help='Days after the due date; 0 is the due date itself, negative is before.',
    )
    last_day = fields.Integer(string='To Day', required=True)
    kind = fields.Selection(
        [('pre_due', 'Not due'), ('early', 'Early delinquency'), ('late', 'Late delinquency')],
        required=True,
        default='early',
    )
    color = fields.Char(default='#8f8f8f', help='Used on boards, bars and reports.')

    _unique_start = models.Constraint(
        'UNIQUE(company_id, first_day)',
        'Two aging buckets of a company cannot start on the same day.',
    )

    @api.constrains('first_day', 'last_day', 'company_id')
    def _check_contiguous(self):
        """Every number of days falls in exactly one bucket of each company."""
        for company in self.company_id:
            problem = find_problem(company._aging_buckets()._as_values())
            if problem:
                raise ValidationError(self._explain(company, *problem))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_gap(self):
        """Refuse a deletion that leaves days without a bucket."""
        for company in self.company_id:
            problem = find_problem((company._aging_buckets() - self)._as_values())
            if problem and problem[0] != 'empty':
                raise ValidationError(self._explain(company, *problem))

    def _translate_default_names(self):
        """Name the default buckets in every language of the database, not only in the current one."""
        for lang, _name in self.env['res.lang'].get_installed():
            rows = self.env['res.company'].with_context(lang=lang)._default_bucket_values()
            for bucket, values in zip(self.with_context(lang=lang), rows):
                bucket.name = values['name']

    def _as_values(self):
        return [Bucket(bucket.name, bucket.first_day, bucket.last_day) for bucket in self]

    def _explain(self, company, code, first, second):
        """Return the sentence for a problem found by `find_problem`."""
        names = {
            'company': company.name,
            'first': first and first.name,
            'second': second and second.name,
        }
        return {
            'empty': self.env._('%(company)s needs at least one aging bucket.', **names),
            'reversed': self.env._(
                'The bucket "%(first)s" of %(company)s ends before it starts.', **names
            ),
            'open_start': self.env._(
                'The first bucket of %(company)s, "%(first)s", must start at %(day)s so that no item is left out.',
                day=NO_START,
                **names,
            ),
            'open_end': self.env._(
                'The last bucket of %(company)s, "%(first)s", must end at %(day)s so that no item is left out.',
                day=NO_END,
                **names,
            ),
            'overlap': self.env._(
                'The buckets "%(first)s" and "%(second)s" of %(company)s overlap.', **names
            ),
            'gap': self.env._(
                'Some days fall between the buckets "%(first)s" and "%(second)s" of %(company)s.',
                **names,
            ),
        }[code]

    @api.model
    def _sql_bucket(self, company, days):
        """Return SQL for the id of the bucket that `days` overdue falls in.

        The buckets stand in the query as literals: a subquery for each of a hundred thousand items takes seconds.

        :param SQL company: expression for the company's id
        :param SQL days: expression for the days overdue
        """
        cases = [
            SQL(
                'WHEN %s THEN (%s::int[])[width_bucket(%s, %s::int[])]',
                company_id,
                ids,
                days,
                starts,
            )
            for company_id, (starts, ids) in self._thresholds().items()
        ]
        return SQL('(CASE %s %s END)', company, SQL(' ').join(cases)) if cases else SQL('NULL::int')

    @api.model
    @tools.ormcache()
    def _thresholds(self):
        """Return {company id: (first days, bucket ids)}, youngest first; cached until a bucket changes."""
        thresholds = {}
        # a few for each company
        for bucket in self.sudo().search([]):  # pylint: disable=no-search-all
            starts, ids = thresholds.setdefault(bucket.company_id.id, ([], []))
            starts.append(bucket.first_day)
            ids.append(bucket.id)
        return thresholds

    @api.model
    @tools.ormcache('self.env.lang')
    def _pictures(self):
        """Return {company id: [(level, bucket id, name, colour)]}, youngest first; cached until a bucket changes."""
        pictures = {}
        # a few for each company
        for bucket in self.sudo().search([]):  # pylint: disable=no-search-all
            mine = pictures.setdefault(bucket.company_id.id, [])
            mine.append((len(mine) + 1, bucket.id, bucket.name, bucket.color))
        return pictures
