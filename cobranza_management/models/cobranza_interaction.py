from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CobranzaInteraction(models.Model):
    """One contact, in or out. Append-only: what was said cannot be unsaid."""

    _name = 'cobranza.interaction'
    _inherit = ['cobranza.decided.mixin']
    _description = 'Logged Contact'
    _order = 'date desc, id desc'

    #: Who made a contact, what it counts as and which other one it takes back: evidence, not a preference.
    _DECIDED = frozenset(
        ('came_of_id', 'corrects_id', 'ended_call_at', 'purpose', 'replaces_id', 'user_id')
    )

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one('res.company', required=True, index=True)
    partner_id = fields.Many2one('res.partner', string='Debtor', required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(), required=True
    )
    direction = fields.Selection(
        [('out', 'To the customer'), ('in', 'From the customer')], required=True, default='out'
    )
    purpose = fields.Selection(
        [
            ('collection', 'Collection'),
            ('reply', 'Reply'),
            ('receipt', 'Receipt'),
            ('correction', 'Correction'),
        ],
        required=True,
        default='collection',
        help='Only collection counts for the law.',
    )
    summary = fields.Char()
    address = fields.Char()
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user)
    corrects_id = fields.Many2one(
        'cobranza.interaction',
        index='btree_not_null',
        ondelete='restrict',
        help='The contact that did not take place after all.',
    )
    correction_ids = fields.One2many(
        comodel_name='cobranza.interaction', inverse_name='corrects_id', string='Corrected By'
    )
    reminder_id = fields.Many2one('cobranza.reminder', index='btree_not_null', ondelete='restrict')
    reminder_state = fields.Selection(
        selection=lambda self: (
            self.env['cobranza.reminder']._fields['state']._description_selection(self.env)
        ),
        compute='_compute_reminder_state',
        string='Delivery',
    )
    message_id = fields.Many2one('mail.message', index='btree_not_null', ondelete='set null')

    _case_date_idx = models.Index('(case_id, date DESC)')

    @api.depends('reminder_id.state', 'correction_ids')
    def _compute_reminder_state(self):
        """Say how the delivery ended; a message that went on by another channel failed by this one."""
        for contact in self:
            contact.reminder_state = (
                'failed' if contact.correction_ids else contact.reminder_id.state
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Append contacts: company and debtor are the case's.

        Of a person who calls, they are theirs, are collection, and take the place of no other: only the house's own
        methods say otherwise, through `_log`.
        """
        decided = {} if self.env.su else self._decided_for_people()
        cases = self.env['cobranza.case'].browse(vals.get('case_id', False) for vals in vals_list)
        contacts = super().create(
            [
                {
                    **vals,
                    **decided,
                    'company_id': case.company_id.id,
                    'partner_id': case.partner_id.id,
                }
                for case, vals in zip(cases, vals_list)
            ]
        )
        if not self.env.su:
            contacts._check_past()
        contacts._advance_last_contact()
        return contacts

    @api.model
    def _decided_for_people(self):
        """Return the values of the fields that nobody chooses, for contacts that a person notes."""
        return {
            'corrects_id': False,
            'purpose': 'collection',
            'replaces_id': False,
            'user_id': self.env.uid,
        }

    @api.model
    def _log(self, vals_list):
        """Append contacts in one batch: the user's own, whose rights are checked, with what our methods decide."""
        if self.env.su:
            return self.create(vals_list)
        contacts_sudo = self.sudo().create(
            [{**vals, 'corrects_id': False, 'user_id': self.env.uid} for vals in vals_list]
        )
        contacts = contacts_sudo.sudo(False)
        contacts.check_access('create')
        contacts._check_past()
        return contacts

    @api.model
    def _sql_is_contact(self, alias):
        """Return the SQL condition that the row `alias` is a contact for collection that did take place."""
        return SQL(
            """(%(alias)s.direction = 'out' AND %(alias)s.purpose = 'collection'
                AND NOT EXISTS (SELECT FROM cobranza_interaction mended WHERE mended.corrects_id = %(alias)s.id)
                AND NOT EXISTS (SELECT FROM cobranza_interaction again WHERE again.replaces_id = %(alias)s.id))""",
            alias=SQL.identifier(alias),
        )

    def _check_past(self):
        """Refuse contacts that have not happened: the law's caps and the case's clock would count them."""
        now = fields.Datetime.now()
        if any(contact.date > now for contact in self):
            raise UserError(self.env._('A contact is noted once it has happened, not before.'))

    def _advance_last_contact(self):
        """Tell the cases when we contacted them last; a contact noted late does not turn the clock back."""
        latest = {}
        for contact in self.filtered(
            lambda contact: contact.direction == 'out' and contact.purpose != 'correction'
        ):
            case = contact.case_id
            known = latest.get(case.id) or (case.last_contact_date or contact.date,)
            latest[case.id] = (max(known[0], contact.date),)
        self.env['cobranza.case']._write_columns(['last_contact_date'], latest)

    def _correct(self, reasons):
        """Append to each contact that it did not take place; the gate and the case forget it.

        :param dict reasons: {contact: why, in words}
        """
        corrected = self.browse(contact.id for contact in reasons if not contact.correction_ids)
        self.create(
            [
                {
                    'address': contact.address,
                    'case_id': contact.case_id.id,
                    'channel': contact.channel,
                    'corrects_id': contact.id,
                    'purpose': 'correction',
                    'summary': self.env._('Not delivered: %(why)s', why=reasons[contact]),
                    'user_id': contact.user_id.id,
                }
                for contact in corrected
            ]
        )
        corrected.case_id._recall_last_contact()

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the log is evidence."""
        raise UserError(
            self.env._('The contact log cannot be changed. Add another contact that corrects it.')
        )

    def _move_to(self, case):
        """Carry the history over when two debtors are merged into one."""
        values = {'case_id': case.id, 'partner_id': case.partner_id.id}
        # past the refusal of `write`
        moved = super().write(values)  # pylint: disable=super-method-mismatch
        self._advance_last_contact()
        return moved

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._('The contact log cannot be deleted.'))
