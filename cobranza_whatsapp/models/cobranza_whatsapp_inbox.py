from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_datetime, html2plaintext

from odoo.addons.cobranza_management.tools.phrases import find_forbidden

#: What was written before a person came in, shown to them with the rest.
TRANSCRIPT = 20
#: What a text message of WhatsApp holds.
MOST_CHARACTERS = 4096


class CobranzaWhatsappConversation(models.Model):
    """With a person: a conversation is a chat of Discuss, where the one who answers has all their others."""

    _inherit = 'cobranza.whatsapp.conversation'

    channel_id = fields.Many2one('discuss.channel', readonly=True, ondelete='set null', copy=False)

    def _hand_over(self, reason):
        """Give the conversation to the person who has the case, with what was said and what is owed."""
        self.ensure_one()
        if self.handler == 'person':
            return
        user = self._person()
        talk = self._for_reader(user)
        talk._give_to(user, talk._reasons()[reason])

    def _give_to(self, user, reason):
        """Let a person answer from now on."""
        self.write(
            {
                'bot_state': False,
                'hand_over_reason': reason,
                'handler': 'person',
                'user_id': user.id,
            }
        )
        self._open_chat(user)
        self.case_id._pause_after_reply()

    def _for_reader(self, user):
        """Return the conversation in the language and the time of who is going to read about it."""
        lang = user.lang or self.company_id.partner_id.lang or self.env.lang
        zone = user.tz or str(self.company_id._cobranza_zone())
        return self.with_context(lang=lang, tz=zone)

    def _reasons(self):
        """Return {code: why a person has to answer, in words}."""
        return {
            'asked': self.env._('they asked for a person'),
            'going_round': self.env._('the conversation went round in a circle'),
            'no_bot': self.env._('nobody answers by itself on this number'),
            'no_tax_id': self.env._('we have no tax number to know them by'),
            'not_identified': self.env._('they could not say who they are'),
            'not_understood': self.env._('they were not understood'),
            'unknown_number': self.env._('the number belongs to no customer'),
            'wrong_person': self.env._('they say it is not them'),
        }

    def _person(self):
        """Return who answers: the collector of the case, or who covers them, else the supervisor, else a manager."""
        case = self.case_id
        away = self.env['cobranza.absence']._of(case.user_id).get(case.user_id)
        person = (away and away.substitute_id) or case.user_id or case.team_id.supervisor_id
        return person.filtered('active') or self.account_id._manager()

    # === THE CHAT === #

    def _open_chat(self, user):
        """Open the chat, or the one there was, for a person; it begins with the context."""
        if not self.channel_id:
            self.channel_id = self.env['discuss.channel'].create(
                {
                    'channel_type': 'group',
                    'cobranza_conversation_id': self.id,
                    'name': f'WhatsApp · {self.display_name}',
                }
            )
            # whoever makes a chat is in it: the robot has nothing to say here
            self.channel_id.channel_member_ids.filtered(
                lambda member: member.partner_id == self.env.ref('base.partner_root')
            ).unlink()
        partner = user.partner_id
        self.channel_id._add_members(partners=partner, post_joined_message=False)
        self._note(self._opening())

    def _note(self, body):
        """Write a note of the house into the chat: the customer does not get it."""
        self.channel_id.message_post(
            author_id=self.env.ref('base.partner_root').id,
            body=body,
            message_type='notification',
            subtype_xmlid='mail.mt_comment',
        )

    def _opening(self):
        """Return why a person was called, who it is, what they owe, and what was said so far."""
        case = self.case_id
        lines = [self.env._('A person is needed: %s.', self.hand_over_reason)]
        if case:
            overdue = format_amount(self.env, case.amount_overdue, case.currency_id)
            words = escape(self.env._('overdue %s', overdue))
            lines.append(Markup('%s · %s') % (case._get_html_link(), words))
        else:
            lines.append(self.env._('The number +%s belongs to no customer.', self.phone or '?'))
        lines += [self._line_of(message) for message in self.message_ids[:TRANSCRIPT].sorted('id')]
        return Markup('<br/>').join(map(escape, lines))

    def _line_of(self, message):
        who = self.display_name if message.direction == 'in' else self.env._('We')
        moment = format_datetime(self.env, message.create_date, dt_format='short')
        return Markup('<span class="text-muted">%s · %s:</span> %s') % (
            moment,
            who,
            message.body or message.kind,
        )

    def _show_to_person(self, message):
        """Show what the customer wrote in the chat, as written by them."""
        self.channel_id.message_post(
            attachment_ids=message.attachment_id.ids,
            body=message.body or self.env._('(%s)', message.kind),
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
            **self._author(),
        )

    def _is_customer(self, values):
        """Tell whether it is the customer who speaks in the chat, brought there by the house itself."""
        return self.env.su and values.get('author_id') == (self.contact_id.id or False)

    def _author(self):
        """Return as whom the customer writes: their contact, or the name they gave themselves."""
        if self.contact_id:
            return {'author_id': self.contact_id.id}
        return {'author_id': False, 'email_from': self.display_name}

    # === WHAT THE PERSON DOES === #

    def _reply(self, author, text, attachments):
        """Send what a person wrote in the chat."""
        self._check_window()
        if text:
            self._say(text, author_id=author.id)
        for attachment in attachments:
            self._say_file(attachment, author)
        self._log(text or ', '.join(attachments.mapped('name')))

    def _say_file(self, attachment, author):
        """Send a file: uploaded at once, so that one that is refused is refused here."""
        account = self.account_id
        media_id = account._asked(
            lambda: account._api().upload(attachment.name, attachment.raw, attachment.mimetype)
        )
        kind = 'image' if attachment.mimetype in ('image/jpeg', 'image/png') else 'document'
        file = {'id': media_id} | ({'filename': attachment.name} if kind == 'document' else {})
        self._say(
            attachment.name,
            {'type': kind, kind: file},
            attachment_id=attachment.id,
            author_id=author.id,
        )

    def _log(self, summary, **values):
        """Append a contact to the log: a reply, theirs or ours, which the law does not count as collection."""
        if self.case_id:
            self.env['cobranza.interaction']._log(
                [
                    {
                        'address': f'+{self.phone}' if self.phone else self.profile_name,
                        'case_id': self.case_id.id,
                        'channel': 'whatsapp',
                        'purpose': 'reply',
                        'summary': summary[:200],
                        'user_id': self.env.uid,
                        **values,
                    }
                ]
            )

    def action_open_chat(self):
        """Open the chat; whoever opens it takes part in it."""
        self.ensure_one()
        self.check_access('read')
        talk_sudo = self.sudo()
        if talk_sudo.handler == 'bot':
            took = self.env._('%s took it', self.env.user.name)
            talk_sudo._for_reader(self.env.user)._give_to(self.env.user, took)
        talk_sudo.channel_id._add_members(partners=self.env.user.partner_id)
        return {
            'type': 'ir.actions.client',
            'tag': 'mail.action_discuss',
            # Discuss looks here first, and would take the id of the conversation for that of a chat
            'context': {'active_id': f'discuss.channel_{talk_sudo.channel_id.id}'},
        }

    def action_give_back(self):
        """The matter is settled: from now on it is answered by itself again."""
        self.check_access('read')
        for talk_sudo in self.sudo().filtered(lambda talk: talk.handler == 'person'):
            talk_sudo.write({'bot_state': False, 'handler': 'bot', 'hand_over_reason': False})
            if talk_sudo.channel_id:
                talk_sudo._note(self.env._('From here on it is answered by itself again.'))

    def action_open_case(self):
        """Open the case of the conversation."""
        self.ensure_one()
        if not self.case_id:
            raise UserError(self.env._('This number belongs to no customer with a case.'))
        return self.case_id._get_records_action()

    def _check_reply(self, user, body):
        """Refuse what may not be said, by whom, or not now, before it is shown as if it had been sent."""
        if user.share:
            raise AccessError(self.env._('Only colleagues who work on this case answer here.'))
        self.with_user(user).check_access('read')
        self._check_wish()
        self._check_window()
        if len(html2plaintext(body, include_references=False).strip()) > MOST_CHARACTERS:
            raise UserError(
                self.env._(
                    'WhatsApp takes %s characters at most: please send it in parts.',
                    MOST_CHARACTERS,
                )
            )
        own = (self.company_id.cobranza_forbidden_phrases or '').splitlines()
        said = find_forbidden(html2plaintext(body), own)
        if said:
            raise UserError(
                self.env._(
                    'Please say it another way: "%s" is forbidden in collections.',
                    '", "'.join(said),
                )
            )

    def _check_wish(self):
        """Refuse to write to who wants no messages: the gate knows what they said, whoever they said it to."""
        case, refused = self.case_id, self.is_opted_out
        if case:
            guard = self.env['cobranza.contact.guard']
            verdict = guard._assess(case, ['whatsapp'], purpose='reply')[case, 'whatsapp']
            refused = refused or not verdict.allowed
        if refused:
            raise UserError(
                self.env._('%s asked not to be written to by WhatsApp.', self.display_name)
            )
