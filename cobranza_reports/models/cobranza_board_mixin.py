from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_amount, formatLang


class Period(NamedTuple):
    """Days from the first to the last, both in it."""

    first: Any
    last: Any

    def domain(self, name):
        """Return the Domain of a date in it."""
        return Domain(name, '>=', self.first) & Domain(name, '<=', self.last)


class CobranzaBoardMixin(models.AbstractModel):
    """What every dashboard is made of: who may read it, of which company, and tiles in words."""

    _name = 'cobranza.board.mixin'
    _description = 'Dashboard'

    #: Reports that a reader must be able to read, and whether accountants are left out.
    _SOURCES, _SUPERVISORS_ONLY = ('cobranza.report.month',), False

    # === WHO READS IT, OF WHICH COMPANY === #

    def _check_reader(self):
        """Refuse collectors, who see their own debtors in the reports, and whoever reads no reports at all."""
        if not self._is_reader():
            raise AccessError(
                self.env._("The dashboard shows the whole company: it is the supervisors'.")
            )

    def _is_reader(self):
        """Tell whether the user may read figures of a whole company, of which collectors see a part."""
        ours, user = 'cobranza_management.group_%s', self.env.user
        sees_part = self._SUPERVISORS_ONLY or user.has_group(ours % 'collector')
        sees_all = user.has_group(ours % 'supervisor') or not sees_part
        return sees_all and all(self.env[model].has_access('read') for model in self._SOURCES)

    def _companies_shown(self, company):
        """Return what the choice of a company needs."""
        return {
            'companies': [{'id': one.id, 'name': one.name} for one in self.env.companies],
            'company_id': company.id,
        }

    def _company(self, company_id):
        wanted = company_id if isinstance(company_id, int) else 0
        return self.env.companies.filtered(lambda one: one.id == wanted) or self.env.company

    # === TILES === #

    def _rounded(self, value):
        return None if value is None else round(value, 1)

    def _tile(
        self,
        key,
        label,
        value,
        before=None,
        formula='',
        spark=(),
        unit='days',
        better='down',
        target=0,
        note='',
        company=None,
    ):
        """Return a tile: figure, change against the period before, target, small line."""
        change = None if value is None or before is None else value - before
        missed = (
            target and value is not None and (value < target if better == 'up' else value > target)
        )
        return {
            'change': self._change(change, unit, company),
            'formula': formula,
            'key': key,
            'label': label,
            'mood': self._mood(change, better),
            'note': note,
            'spark': list(spark),
            'target': self._in_words(target, unit, company) if target else '',
            'target_missed': bool(missed),
            'value': self._in_words(value, unit, company),
        }

    def _mood(self, change, better):
        """Return whether a change is good news."""
        if not change or better == 'none':
            return 'same'
        return 'good' if (change > 0) == (better == 'up') else 'bad'

    def _change(self, change, unit, company):
        if not change:
            return ''
        sign = '+' if change > 0 else '−'
        points = self.env._('%s points', formatLang(self.env, abs(change), digits=1))
        return sign + (points if unit == 'percent' else self._in_words(abs(change), unit, company))

    def _in_words(self, value, unit, company=None):
        """Return a figure as people read it, a dash when there is none."""
        if value is None:
            return '–'
        if unit == 'money':
            return format_amount(self.env, round(value), company.currency_id, trailing_zeroes=False)
        number = formatLang(self.env, value, digits=0 if unit == 'count' else 1)
        if unit == 'count':
            return number
        return f'{number} %' if unit == 'percent' else self.env._('%s days', number)

    def _bars(self, bars):
        """Return [{'amount', 'share', …}] with the share of each in the largest, for dicts with a `size`."""
        most = max([*(abs(bar['size']) for bar in bars), 1])
        return [bar | {'share': max(0.0, round(100 * bar['size'] / most, 1))} for bar in bars]

    # === BEHIND A FIGURE === #

    def _open(self, name, model, domain, **context):
        """Return the action that opens the records a figure counted."""
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'views': [(False, 'list'), (False, 'form')],
            'domain': list(domain),
            'context': {'create': False, **context},
            'target': 'current',
        }
