from odoo import fields, models


class CobranzaInteraction(models.Model):
    """What came of a contact. The flags are kept as they were: the catalogue may change, the log may not."""

    _inherit = 'cobranza.interaction'

    outcome_id = fields.Many2one('cobranza.outcome', index='btree_not_null', ondelete='restrict')
    contact_id = fields.Many2one('res.partner', string='Person', ondelete='set null')
    replaces_id = fields.Many2one(
        'cobranza.interaction',
        string='Corrects the Outcome Of',
        index='btree_not_null',
        ondelete='restrict',
        help='The same contact, noted with another outcome before.',
    )
    replaced_by_ids = fields.One2many(
        comodel_name='cobranza.interaction', inverse_name='replaces_id', string='Noted Again As'
    )
    came_of_id = fields.Many2one(
        'cobranza.interaction',
        string='Came of the Contact',
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    ended_call_at = fields.Datetime(
        readonly=True, help='When the agreed call was for that this contact ended.'
    )
    is_attempt = fields.Boolean(string='Attempt', help='Nobody answered.')
    is_contact = fields.Boolean(string='Somebody Answered')
    is_right_party = fields.Boolean(string='The Debtor Answered')

    # What a collector did today.
    _worked_idx = models.Index('(user_id, date) WHERE outcome_id IS NOT NULL')

    def _correctable(self):
        """Return those whose outcome the user may still correct: of today, noted by the user or for a supervisor."""
        supervisor = self.env.user.has_group('cobranza_management.group_supervisor')
        return self.filtered(
            lambda contact: (
                contact.outcome_id
                and (supervisor or contact.user_id == self.env.user)
                and contact.date >= contact.case_id._day_after(contact.case_id._yesterday())
            )
        )
