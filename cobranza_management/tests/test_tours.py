from odoo.tests import HttpCase, tagged

from . import common
from .live_common import LiveCommon


@tagged('post_install', '-at_install')
class TestTours(LiveCommon, common.CobranzaCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        # the board is the first screen that a tour opens: nothing of the installed language matters
        (cls.supervisor + cls.manager).lang = 'en_US'
        cls._strategy({5: {}, 30: {}})

    def test_supervisor_puts_a_hold_and_approves_a_message(self):
        self.company.cobranza_review = True
        self._invoice(days_overdue=12)
        self._run()
        self.start_tour('/odoo', 'cobranza_supervisor_day', login=self.supervisor.login)
        self.assertEqual(self._reminder().state, 'queued')
        hold = self._case().hold_ids.with_context(active_test=False)
        self.assertFalse(hold.filtered('active'))

    def test_set_up_from_the_empty_board(self):
        self.company.cobranza_active = False
        self._invoice(days_overdue=12)
        self.start_tour('/odoo/collection-cases', 'cobranza_setup', login=self.manager.login)
        self.assertTrue(self.company.cobranza_active)
        self.assertTrue(self._case().user_id, 'the first cycle hands the case to the team')
