"""An empty screen offers only what its reader may do."""

from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestEmptyScreens(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()

    def _help(self, action, user):
        """Return the help as the web client gets it."""
        xml_id = f'cobranza_management.{action}'
        return self.env['ir.actions.act_window'].with_user(user)._for_xml_id(xml_id)['help']

    def test_the_set_up_button_is_for_who_may_set_up(self):
        for action, user in (
            ('cobranza_case_action', self.collector),
            ('cobranza_case_action', self.supervisor),
            ('cobranza_run_action', self.supervisor),
        ):
            with self.subTest(action=action, user=user.login):
                text = self._help(action, user)
                self.assertIn('o_view_nocontent_smiling_face', text)
                self.assertNotIn('type="action"', text)
                self.assertNotIn('<p></p>', text)
                self.assertIn('type="action"', self._help(action, self.manager))

    def test_what_starts_from_a_case_leads_to_the_board(self):
        board = self.env.ref('cobranza_management.cobranza_case_action').id
        for name in ('dispute', 'handoff', 'hold', 'plan', 'promise', 'writeoff'):
            with self.subTest(name):
                text = self._help(f'cobranza_{name}_action', self.collector)
                self.assertIn(f'name="{board}"', text)
