from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.placeholders import names

#: Placeholders of both kinds of message.
SHARED = frozenset(('collector_name', 'company_name', 'contact_name', 'debtor_name', 'today'))


class CobranzaTemplate(models.Model):
    """Templates that answer a dispute: they know the dispute, and nothing of what is claimed."""

    _inherit = 'cobranza.template'

    dispute_outcome = fields.Selection(
        [
            ('accepted', 'Accepted'),
            ('partial', 'Partly accepted'),
            ('rejected', 'Rejected'),
        ],
        string='Answers a Dispute',
        help='The message with which customers are told how their dispute ended; never a step of a strategy.',
    )

    @api.model
    def _placeholders(self):
        return super()._placeholders() | self._dispute_placeholders()

    @api.model
    def _dispute_placeholders(self):
        """Return {placeholder: meaning} of the answer to a dispute."""
        return {
            'dispute_document': self.env._('In an answer to a dispute: number of the document'),
            'dispute_amount': self.env._('In an answer to a dispute: amount in dispute'),
            'dispute_reason': self.env._('In an answer to a dispute: its reason'),
            'dispute_accepted': self.env._('In an answer to a dispute: amount accepted'),
            'dispute_rest': self.env._('In an answer to a dispute: amount still to be paid'),
            'dispute_note': self.env._('In an answer to a dispute: the explanation'),
        }

    @api.constrains('subject', 'body', 'dispute_outcome')
    def _check_kind(self):
        """Each kind uses the placeholders that something fills in when it is sent."""
        of_dispute = set(self._dispute_placeholders())
        for template in self:
            texts = (*template._texts('subject'), *template._texts('body'))
            used = {name for text in texts for name in names(text)}
            wrong = used - of_dispute - SHARED if template.dispute_outcome else used & of_dispute
            if wrong:
                raise ValidationError(
                    self.env._(
                        'Nothing fills in %(wrong)s in the template "%(name)s": what is claimed and what is in dispute'
                        ' are told in different messages.',
                        name=template.name,
                        wrong=', '.join(sorted(wrong)),
                    )
                )

    @api.model
    def _for_dispute(self, outcome, company):
        """Return the template that tells customers of a company that a dispute ended as `outcome`."""
        return self.search(
            [('dispute_outcome', '=', outcome), ('company_id', 'in', (company.id, False))],
            order='company_id, sequence, id',
            limit=1,
        )


class CobranzaStrategyStepChannel(models.Model):
    _inherit = 'cobranza.strategy.step.channel'

    template_id = fields.Many2one(domain=[('dispute_outcome', '=', False)])

    @api.constrains('template_id')
    def _check_template(self):
        if self.template_id.filtered('dispute_outcome'):
            raise ValidationError(
                self.env._('A template that answers a dispute cannot be a step of a strategy.')
            )
