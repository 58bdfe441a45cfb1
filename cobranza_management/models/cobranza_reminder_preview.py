import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.placeholders import one_stop
from .cobranza_template import MessageFormat


class CobranzaReminder(models.Model):
    """What will be sent, shown before it goes: the same claims, template and gate as at dispatch, nothing written."""

    _inherit = 'cobranza.reminder'

    preview_subject = fields.Char(compute='_compute_preview', string='Subject')
    preview_body = fields.Html(compute='_compute_preview', string='Message', sanitize=False)
    preview_to = fields.Char(compute='_compute_preview', string='Addressee')
    preview_channel = fields.Char(compute='_compute_preview', string='By')
    preview_note = fields.Char(
        compute='_compute_preview',
        string='Now',
        help='What the check of the debt and the contact guard say now.',
    )
    case_days_overdue = fields.Integer(related='case_id.days_overdue', string='Days Late')

    @api.depends_context('uid', 'lang', 'tz')
    def _compute_preview(self):
        names = ('preview_subject', 'preview_body', 'preview_to', 'preview_channel', 'preview_note')
        for reminder in self:
            gone = reminder.state not in reminder._WAITING
            values = reminder._what_was_sent() if gone else reminder.sudo()._what_would_be_sent()
            reminder.update({name: values.get(name, False) for name in names})

    def _what_was_sent(self):
        """Return the preview of a message that left: the text as it was."""
        message = self.mail_message_id.sudo()
        return {
            'preview_body': self.letter_body
            or message.body
            or self.activity_id.sudo().note
            or self.body_preview,
            'preview_channel': dict(self._fields['channel']._description_selection(self.env)).get(
                self.channel
            ),
            'preview_subject': self.letter_subject or message.subject,
            'preview_to': ' · '.join(filter(None, (self.contact_id.name, self.address))),
        }

    def _what_would_be_sent(self):
        """Return the preview of a message that waits, as it would leave this minute."""
        self.ensure_one()
        claims = self.env['cobranza.truth.check']._claims(self, self.company_id)[self]
        if claims:
            return {**self._kept_words(), **self._preview_of(claims)}
        note = self.env._('Nothing is owed any more: it will be cancelled, not sent.')
        return {**self._kept_words(), 'preview_note': note}

    def _kept_words(self):
        """Return the words that a message has before it leaves, as values of the preview; most have none yet."""
        return {}

    def _preview_of(self, claims):
        """Return the preview of a message about what is still owed."""
        line, contact, address = self._preview_channel_line()
        if not line:
            return {'preview_note': self.env._('No channel of the step reaches this debtor.')}
        return {
            'preview_channel': dict(self.env['cobranza.channel']._selection()).get(line.channel),
            'preview_note': self._preview_obstacle(claims, line.channel),
            'preview_to': ' · '.join(filter(None, (contact.name, address))),
            **self._preview_text(line, contact, claims),
        }

    def _preview_channel_line(self):
        """Return (step channel, contact, address) of the first channel that reaches the debtor."""
        for line in self._channels_left():
            channel = self.env['cobranza.channel']._of_code(line.channel)
            contact, address, opted_out = channel._reachable(self.partner_id).get(
                self.partner_id, (None, '', False)
            )
            if address and not opted_out:
                return line, contact, address
        return None, None, ''

    def _preview_obstacle(self, claims, channel):
        """Say what would hold the message back now."""
        check = self.env['cobranza.truth.check']
        finding = check._find_minimum(self, claims, self.company_id.cobranza_minimum_amount)
        finding = finding or check._money_on_its_way(self.partner_id, self.company_id).get(
            self.partner_id
        )
        if finding:
            sentences = dict(self._reason_selection())
            return one_stop(
                self.env._(
                    'It would wait: %s.',
                    sentences[finding.code].replace('%s', finding.detail or '').strip(),
                )
            )
        return self._preview_gate(channel)

    def _preview_gate(self, channel):
        """Say what the gate answers for a channel now."""
        verdict = self.env['cobranza.contact.guard']._assess(self.case_id, [channel])[
            self.case_id, channel
        ]
        if not verdict.allowed:
            return self.env._('It would wait: %s', self.case_id._explain_verdict(verdict))
        return self.env._('It may leave now.')

    def _preview_text(self, line, contact, claims):
        """Return subject and body, or the reason why the template cannot be filled in."""
        lang = (
            contact.lang or self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        )
        try:
            formats = MessageFormat(self.env, lang)
            values = line.template_id._message_values(
                self, contact, self._items_of({self: claims})[self], formats
            )
            channel = self.env['cobranza.channel']._of_code(line.channel)
            subject, body = channel._words(line.template_id, self, lang, values)
        except psycopg2.Error:
            raise  # the transaction is lost: nothing more can be read in it
        except Exception as error:
            return {'preview_note': self.env._('The template cannot be filled in: %s', error)}
        return {'preview_subject': subject, 'preview_body': body}

    def _carried_out(self):
        """The collector made the call or posted the letter; the contact is logged by whoever asks."""
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('Only collectors can say that a contact was made.'))
        self.check_access('read')
        done = self.sudo().filtered(lambda reminder: reminder.state == 'ready')
        done.write({'state': 'sent', 'sent_at': fields.Datetime.now()})
        done.activity_id.action_done()
