import logging
import secrets
import time
from datetime import timedelta
from typing import NamedTuple

from markupsafe import escape
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.cloud_api import ApiError, CloudApi, NoAnswer, NotConnected
from ..tools.sender import Sender

_logger = logging.getLogger(__name__)

#: What only the administrator of the server may read.
SECRET = 'base.group_system'
#: Two workers that ask for a place in the line at the same moment: the later one asks again.
SLOT_ATTEMPTS = 20


class Number(NamedTuple):
    """What a webhook is recognised by."""

    id: int
    phone_id: str
    business_id: str
    app_secret: str

    def __repr__(self):
        """Keep the secret out of logs."""
        return f'Number({self.id}, {self.phone_id!r})'


class CobranzaWhatsappAccount(models.Model):
    """A number of the business at the WhatsApp Cloud API: its keys, its speed, and whether it may be used."""

    _name = 'cobranza.whatsapp.account'
    _inherit = ['mail.thread', 'mail.activity.mixin', 'cobranza.cached.mixin']
    _description = 'WhatsApp Number'
    _order = 'company_id, sequence, id'

    _CACHED = frozenset(
        ('active', 'app_secret', 'business_id', 'company_id', 'phone_id', 'sequence', 'state')
    )

    #: What decides where messages go and under which name.
    _CONNECTION = frozenset(
        ('business_id', 'company_id', 'pauses', 'paused_until', 'phone_id', 'state', 'stop_reason')
    )

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company
    )
    phone_id = fields.Char(string='Phone Number ID', required=True, copy=False)
    business_id = fields.Char(string='Business Account ID', required=True)
    base_url = fields.Char(
        string='API Address', required=True, default='https://graph.facebook.com', groups=SECRET
    )
    version = fields.Char(string='API Version', required=True, default='v23.0', groups=SECRET)
    token = fields.Char(string='Access Token', groups=SECRET, copy=False)
    app_secret = fields.Char(groups=SECRET, copy=False, help='Signs what WhatsApp sends us.')
    verify_token = fields.Char(
        groups=SECRET,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        help='You give it to Meta together with the address of the webhook.',
    )
    webhook_url = fields.Char(compute='_compute_webhook_url', string='Webhook Address')
    state = fields.Selection(
        [('draft', 'Not connected'), ('ready', 'In use'), ('stopped', 'Stopped')],
        default='draft',
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    stop_reason = fields.Char(readonly=True, copy=False, tracking=True)
    paused_until = fields.Datetime(readonly=True, copy=False)
    pauses = fields.Integer(readonly=True, copy=False, help='Pauses in a row; each is longer.')
    display_number = fields.Char(string='Number', readonly=True, copy=False)
    verified_name = fields.Char(string='Name Customers See', readonly=True, copy=False)
    quality = fields.Selection(
        [('GREEN', 'High'), ('YELLOW', 'Medium'), ('RED', 'Low'), ('UNKNOWN', 'Unknown')],
        readonly=True,
        copy=False,
        tracking=True,
    )
    rate = fields.Integer(
        string='Messages per Second',
        default=10,
        required=True,
        help='WhatsApp takes 80 a second from most numbers; fewer keep the quality of a number high.',
    )
    pair_seconds = fields.Integer(
        string='Seconds Between Messages to One Person', default=6, required=True
    )
    opt_in = fields.Selection(
        [
            ('assumed', 'Customers agreed in their contract'),
            ('explicit', 'Only those who accepted, as noted in their consents'),
        ],
        string='Who May Be Written To',
        default='assumed',
        required=True,
    )
    bot_active = fields.Boolean(string='Answer by Itself', default=True)
    ask_tax_id = fields.Boolean(
        string='Ask Who They Are',
        default=True,
        help='Before it tells what somebody owes, it asks for the end of their tax number.',
    )
    template_ids = fields.One2many(
        comodel_name='cobranza.whatsapp.template', inverse_name='account_id', string='Templates'
    )
    price_ids = fields.One2many(
        comodel_name='cobranza.whatsapp.price', inverse_name='account_id', string='Prices'
    )
    synced_at = fields.Datetime(string='Templates Read', readonly=True, copy=False)

    _unique_phone = models.UniqueIndex('(phone_id)', 'This number is already set up.')
    _positive_rate = models.Constraint(
        'CHECK(rate BETWEEN 1 AND 1000)', 'A number sends between 1 and 1000 messages a second.'
    )
    _positive_pair = models.Constraint(
        'CHECK(pair_seconds >= 0)', 'The pause between two messages cannot be negative.'
    )

    def _compute_webhook_url(self):
        for account in self:
            account.webhook_url = f'{account.get_base_url()}/cobranza/whatsapp/webhook'

    @api.model
    def _of(self, company):
        """Return the number a company writes from, in superuser mode; none when it has none in use."""
        return self.sudo().browse(self._id_of(company.id))

    @api.model
    @tools.ormcache('company_id')
    def _id_of(self, company_id):
        """Return the id in a tuple, or an empty one; cached, since every look at a debtor asks."""
        return tuple(
            self.sudo()
            .search([('company_id', '=', company_id), ('state', '=', 'ready')], limit=1)
            .ids
        )

    @api.model
    @tools.ormcache()
    def _signing_numbers(self):
        """Return the Number of every account that has a secret to sign with; cached, since every webhook asks."""
        accounts_sudo = self.sudo().search([('app_secret', '!=', False)])
        return tuple(
            Number(account.id, account.phone_id, account.business_id, account.app_secret)
            for account in accounts_sudo
        )

    def _api(self):
        """Return the CloudApi of the number; it alone is handed the token."""
        self.ensure_one()
        account_sudo = self.sudo()
        return CloudApi(
            account_sudo.base_url,
            account_sudo.version,
            account_sudo.token or '',
            account_sudo.phone_id,
            account_sudo.business_id,
        )

    def _sender(self):
        """Return the Sender of the number, to be used in a `with`."""
        return Sender(self._api())

    # === USE === #

    def action_connect(self):
        """Ask WhatsApp for the number, read its templates, and put it in use."""
        self._check_manager()
        for account in self.sudo():
            facts = account._asked(account._api().number)
            account.write(
                {
                    'display_number': facts.get('display_phone_number'),
                    'verified_name': facts.get('verified_name'),
                    'quality': account._known_quality(facts.get('quality_rating')),
                    'state': 'ready',
                    'stop_reason': False,
                    'paused_until': False,
                    'pauses': 0,
                }
            )
            account.template_ids._sync(account)

    def action_sync_templates(self):
        """Read the templates and their state again."""
        self._check_manager()
        for account in self.sudo():
            account.template_ids._sync(account)

    @api.model
    def _cron_sync(self):
        """Read the templates of every number in use; one that cannot be reached stops no other."""
        for account in self.search([('state', '=', 'ready')]):
            try:
                account.template_ids._sync(account)
            except UserError as error:
                _logger.info('Templates of number %s were not read: %s', account.id, error)
            self.env['ir.cron']._commit_progress()

    def action_stop(self):
        """Send nothing more from this number."""
        self._check_manager()
        self.sudo()._stop(self.env._('stopped by %s', self.env.user.name))

    def _check_manager(self):
        if not self.env.user.has_group('cobranza_management.group_manager'):
            raise UserError(self.env._('Only managers of collections decide about numbers.'))
        self.check_access('read')

    def _asked(self, question):
        """Return the answer of the API, or say in words why there is none."""
        try:
            return question()
        except ApiError as error:
            raise UserError(self.env._('WhatsApp refused: %s', error.message)) from None
        except (NoAnswer, NotConnected):
            raise UserError(
                self.env._('WhatsApp could not be reached. Please check the address and try again.')
            ) from None

    def _known_quality(self, value):
        known = dict(self._fields['quality'].selection)
        return value if value in known else 'UNKNOWN'

    # === TROUBLE === #

    def _stop(self, reason):
        """Take the number out of use and tell the managers; what waits for it goes another way."""
        for account in self.filtered(lambda account: account.state != 'stopped'):
            account.write({'state': 'stopped', 'stop_reason': reason})
            account._alert(self.env._('WhatsApp has stopped: %s', reason))

    def _pause(self, seconds):
        """Let the number rest."""
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write({'paused_until': until, 'pauses': self.pauses + 1})

    def _is_paused(self):
        return bool(self.paused_until and self.paused_until > fields.Datetime.now())

    def write(self, vals):
        """Leave what connects a number to whoever administers the server, or to the house's own methods."""
        if (
            not self.env.su
            and self._CONNECTION & vals.keys()
            and not self.env.user.has_group(SECRET)
        ):
            raise AccessError(self.env._('Only the administrator of the server connects numbers.'))
        return super().write(vals)

    def _alert(self, summary, note=''):
        """Raise a task for a manager of the company, once while it is open."""
        self.ensure_one()
        if self.activity_ids.filtered(lambda activity: activity.summary == summary):
            return
        self.activity_schedule(
            'mail.mail_activity_data_warning',
            summary=summary,
            note=escape(note),
            user_id=self._manager().id,
        )

    def _manager(self):
        group = self.env.ref('cobranza_management.group_manager')
        people = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        robots = self.env.ref('base.user_root')
        return (people - robots)[:1] or self.env.ref('base.user_admin')

    # === SPEED === #

    def _reserve(self, count):
        """Reserve places in the line of the number, whoever else is sending from it.

        :param int count: how many messages
        :return: Unix time at which each may leave, a list
        """
        self.ensure_one()
        step = 1 / self.rate
        last = self._move_slot(count * step)
        return [last - step * (count - number) for number in range(count)]

    def _move_slot(self, seconds):
        """Move the end of the line by `seconds` in a transaction of its own; return where it is now."""
        now = time.time()
        statement = SQL(
            """INSERT INTO cobranza_whatsapp_pace AS pace (account_id, next_at) VALUES (%s, %s)
          ON CONFLICT (account_id)
            DO UPDATE SET next_at = GREATEST(pace.next_at, %s) + %s RETURNING next_at""",
            self.id,
            now + seconds,
            now,
            seconds,
        )
        for attempt in range(SLOT_ATTEMPTS):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(statement, log_exceptions=False)
                    return cr.fetchone()[0]
            except SerializationFailure:
                if attempt == SLOT_ATTEMPTS - 1:
                    raise
                time.sleep(0.005 * (attempt + 1))
        raise AssertionError('unreachable')


class CobranzaWhatsappPace(models.Model):
    """The end of the line of each number. Apart from the number: senders move it while others write to that one."""

    _name = 'cobranza.whatsapp.pace'
    _description = 'Pace of a WhatsApp Number'
    _log_access = False
    _rec_name = 'account_id'

    #: No foreign key: a sender must not wait for whoever is writing to the number.
    account_id = fields.Integer(required=True)
    next_at = fields.Float(required=True, help='Unix time.')

    _unique_account = models.UniqueIndex('(account_id)')


class CobranzaWhatsappPrice(models.Model):
    """What WhatsApp charges for a message; it says which category it was, the price list is the business's."""

    _name = 'cobranza.whatsapp.price'
    _description = 'Price of a WhatsApp Message'
    _order = 'account_id, category, country_id'

    account_id = fields.Many2one(
        'cobranza.whatsapp.account', required=True, index=True, ondelete='cascade'
    )
    company_id = fields.Many2one(related='account_id.company_id')
    currency_id = fields.Many2one(related='company_id.currency_id')
    category = fields.Selection(
        [
            ('utility', 'Utility'),
            ('marketing', 'Marketing'),
            ('authentication', 'Authentication'),
            ('service', 'Service'),
        ],
        required=True,
        default='utility',
    )
    country_id = fields.Many2one('res.country', help='Empty: every other country.')
    price = fields.Float(digits=(12, 6), required=True)

    def _of_message(self, category, country):
        """Return the price of one message, 0 when nobody has filled it in."""
        mine = self.filtered(lambda price: price.category == category)
        exact = mine.filtered(lambda price: price.country_id == country)
        return (exact or mine.filtered(lambda price: not price.country_id))[:1].price
