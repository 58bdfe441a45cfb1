from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CobranzaCase(models.Model):
    """The people behind a debtor: their roles, which collectors keep without being able to edit contacts."""

    _inherit = 'cobranza.case'

    people = fields.Json(compute='_compute_people')

    def _compute_people(self):
        """Give each case its people in order: [{id, name, role, role_label, title, phone, email, never, debtor}]."""
        everybody = self.env['cobranza.channel']._people_of(self.partner_id)
        labels = self._role_labels()
        for case in self:
            case.people = [
                case._describe_person(person, labels)
                for person in everybody.get(case.partner_id, case.partner_id)
            ]

    def _role_labels(self):
        """Return {role: its name in the user's language}."""
        field = self.env['res.partner']._fields['cobranza_role']
        return dict(field._description_selection(self.env))

    def _describe_person(self, person, labels):
        role = person.sudo().cobranza_role or ''
        return {
            'id': person.id,
            'name': person.name or person.display_name,
            'role': role,
            'role_label': labels.get(role, ''),
            'title': person.function or '',
            'phone': person.phone or '',
            'email': person.email or '',
            'never': role == 'never',
            'debtor': person == self.partner_id,
        }

    def _compute_contact_ids(self):
        """Show everybody, those never to be contacted among them: the card strikes them through."""
        everybody = self.env['cobranza.channel']._people_of(self.partner_id)
        for case in self:
            case.contact_ids = everybody.get(case.partner_id, case.partner_id) - case.partner_id

    def _describe_channel(self, code, label, found, verdict):
        """Say of whom a channel would reach but may not, instead of "no address"."""
        row = super()._describe_channel(code, label, found, verdict)
        if not found and verdict.code == 'never_contact':
            row['reason'] = self._explain_verdict(verdict)
        return row

    def _set_roles(self, roles):
        """Give people of the debtor their roles; the one thing of a contact that collectors may change.

        :param dict roles: {res.partner of the debtor: value of `res.partner.cobranza_role`, or False}
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('Only collectors say what a contact is in collections.'))
        self.check_access('write')
        labels = self._role_labels()
        changes = []
        for person, role in roles.items():
            person_sudo = person.sudo()
            if person_sudo.commercial_partner_id != self.partner_id:
                raise UserError(
                    self.env._('This contact does not belong to %s.', self.partner_id.name)
                )
            if (person_sudo.cobranza_role or False) != (role or False):
                person_sudo.cobranza_role = role
                what = labels.get(role) or self.env._('no role in collections')
                changes.append(f'{person_sudo.name or person_sudo.display_name}: {what}')
        if changes:
            self.message_post(body=' · '.join(changes))
