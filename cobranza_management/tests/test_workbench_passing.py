"""Next goes past whoever may not be contacted, however many they are, and asks about them once."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import cobranza_workbench_queue
from ..models.cobranza_workbench_queue import CANDIDATES
from .test_workbench import WorkbenchCommon


@tagged('post_install', '-at_install')
class TestWorkbenchPassing(WorkbenchCommon):
    def _without_address(self, number):
        """Put debtors at the top of the queue who cannot be reached; return their partners."""
        partners = self.env['res.partner'].union(
            *(self._debtor(f'Silent {place}', email=False) for place in range(number))
        )
        for partner in partners:
            self._invoice(partner, 90000, days_overdue=200)
        self.env['cobranza.case']._create_missing(self.company)
        cases = self.env['cobranza.case'].search([('partner_id', 'in', partners.ids)])
        cases.user_id = self.collector
        self.env.flush_all()
        self.env.invalidate_all()
        return partners

    def _next(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._bench().with_context(tz='UTC').next_case()

    def test_more_refused_debtors_than_one_look_takes_do_not_hide_the_one_who_may_be_called(self):
        self._without_address(CANDIDATES + 2)
        self.assertEqual(self._bench().get_queue(limit=2)['cases'][0]['name'], 'Big')
        self.assertEqual(self._next()['name'], 'Big')

    def test_whom_the_gate_refused_is_not_asked_about_again(self):
        self._without_address(CANDIDATES + 2)
        first = self._count(self._next)
        again = self._count(self._next)
        self.assertLess(again, first)
        self.assertLessEqual(again, 25)
        passed = self.env['cobranza.work.wait'].search_count([])
        self._next()
        self.assertEqual(self.env['cobranza.work.wait'].search_count([]), passed)

    def test_a_refusal_is_forgotten_after_a_quarter_of_an_hour(self):
        silent = self._without_address(1)
        self.assertEqual(self._next()['name'], 'Big')
        silent.phone = self.phone
        self.assertEqual(self._next()['name'], 'Big')
        self._travel(minutes=16)
        self.assertEqual(self._next()['name'], silent.name)
        self.env['cobranza.work.wait']._gc_past()
        self.assertFalse(self.env['cobranza.work.wait'].search([]))

    def test_a_refusal_that_no_longer_holds_does_not_empty_the_queue(self):
        (self.big + self.middle + self.small).write({'email': False, 'phone': False})
        self.assertTrue(self._next()['empty'])
        self.small.phone = self.phone
        self.assertEqual(self._next()['name'], 'Small')

    def test_a_queue_in_which_nobody_can_be_reached_is_not_called_empty(self):
        (self.big + self.middle + self.small).write({'email': False, 'phone': False})
        self.assertIn('Nobody left in the queue can be reached', self._next()['message'])
        self.cases.user_id = self.supervisor
        self.assertIn('the queue is empty', self._next()['message'])

    def test_what_one_look_leaves_of_a_very_long_queue_is_for_the_next(self):
        self._without_address(CANDIDATES + 2)
        with patch.object(cobranza_workbench_queue, 'MOST_LOOKED_AT', CANDIDATES):
            self.assertIn('Next looks further', self._next()['message'])
            self.assertEqual(self._next()['name'], 'Big')

    def test_a_template_of_another_company_is_not_written_from(self):
        other = self.env['res.company'].create({'name': 'Other'})
        template = self.env['cobranza.template'].search([], limit=1)
        theirs = template.copy({'company_id': other.id})
        with self.assertRaisesRegex(UserError, 'not written to this debtor'):
            self._bench().compose(self.big_case.id, 'email', theirs.id)
