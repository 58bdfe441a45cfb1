from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class CobranzaOutcome(models.Model):
    """A result of a contact, as people say it, and what it sets in motion. The catalogue is data."""

    _name = 'cobranza.outcome'
    _inherit = ['cobranza.cached.mixin']
    _description = 'Contact Outcome'
    _order = 'sequence, id'

    _CACHED = frozenset(('active', 'channel', 'effect', 'hotkey', 'icon', 'name', 'sequence'))
    #: What each effect needs to know from the collector, in the order it is asked.
    _ASKS = {
        'no_answer': (),
        'wrong_number': (),
        'promise': ('amount', 'date', 'lines', 'note'),
        'paid': ('amount', 'date', 'note'),
        'dispute': ('lines', 'reason', 'note'),
        'not_received': ('lines',),
        'refuses': ('note',),
        'callback': ('callback', 'note'),
        'instalments': ('amount', 'note'),
        'stop': ('note',),
        'note': ('note',),
    }
    #: Keys of the workbench itself: next, pay, call, write, move; RESERVED_KEYS of workbench_logic.js.
    _RESERVED_KEYS = frozenset('acdehijklnoprsw')

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    hotkey = fields.Char(
        string='Key', size=1, help='A digit or letter that records this outcome in the workbench.'
    )
    icon = fields.Char(
        default='fa-comment-o', help='Name of a Font Awesome icon, such as fa-phone.'
    )
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(),
        string='Only On',
        help='Empty: offered whatever the channel.',
    )
    effect = fields.Selection(
        [
            ('no_answer', 'Try again later'),
            ('wrong_number', 'Stop this number'),
            ('promise', 'Take a promise'),
            ('paid', 'Hold and check the payment'),
            ('dispute', 'Open a dispute'),
            ('not_received', 'Send the invoices again'),
            ('refuses', 'Tell the supervisor'),
            ('callback', 'Call back at an agreed time'),
            ('instalments', 'Prepare a payment plan'),
            ('stop', 'Stop everything and tell the supervisor'),
            ('note', 'Only note it'),
        ],
        required=True,
        default='note',
        help='What happens at once when a collector chooses this outcome.',
    )
    is_contact = fields.Boolean(
        string='Somebody Answered',
        default=True,
        help='Counts as a contact; otherwise as an attempt.',
    )
    is_right_party = fields.Boolean(
        string='The Debtor Answered', help='The debtor, or whoever answers for them.'
    )
    hold_days = fields.Integer(
        default=3, help='Days without automatic messages, for effects that hold.'
    )
    retry_hours = fields.Float(
        string='Try Again After', default=3.0, help='Hours until the debtor is back in the queue.'
    )
    attempts_per_day = fields.Integer(
        default=2, help='Attempts on one day; after the last the debtor waits until tomorrow.'
    )

    _unique_hotkey = models.UniqueIndex(
        '(lower(hotkey)) WHERE active AND hotkey IS NOT NULL',
        'Another outcome already has this key.',
    )
    _positive_days = models.Constraint(
        'CHECK(hold_days >= 0 AND retry_hours >= 0 AND attempts_per_day >= 0)',
        'Days, hours and attempts cannot be negative.',
    )
    _right_party_answers = models.Constraint(
        'CHECK(is_contact OR is_right_party IS NOT TRUE)',
        'The debtor cannot have answered when nobody did.',
    )

    @api.constrains('hotkey')
    def _check_hotkey(self):
        for outcome in self.filtered('hotkey'):
            key = outcome.hotkey.lower()
            if not (key.isascii() and key.isalnum()):
                raise ValidationError(self.env._('The key of an outcome is one digit or letter.'))
            if key in self._RESERVED_KEYS:
                raise ValidationError(
                    self.env._(
                        'The workbench uses the key %(key)s itself; please choose another than %(taken)s.',
                        key=key.upper(),
                        taken=', '.join(sorted(self._RESERVED_KEYS)).upper(),
                    )
                )

    @api.model
    @tools.ormcache('self.env.lang')
    def _catalogue(self):
        """Return {id: row} of every outcome, archived ones too, as the workbench wants them.

        A row is {id, name, hotkey, icon, effect, channel, asks, active}; cached until the catalogue changes.
        """
        return {
            outcome.id: {
                'active': outcome.active,
                'asks': list(self._ASKS[outcome.effect]),
                'channel': outcome.channel or '',
                'effect': outcome.effect,
                'hotkey': (outcome.hotkey or '').upper(),
                'icon': outcome.icon or '',
                'id': outcome.id,
                'name': outcome.name,
            }
            for outcome in self.sudo().with_context(active_test=False).search([])
        }
