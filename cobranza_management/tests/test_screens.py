from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestScreens(CobranzaCommon):
    """What the case screen offers, as the person who has the right to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls._strategy({5: {}, 30: {'channels': ('phone',)}})

    def _open_case(self, **options):
        """Return the case of a debtor with one invoice, in the collector's hands."""
        self._invoice(**options)
        self._run()
        case = self._case()
        case.user_id = self.collector
        return case.with_user(self.collector)

    def _wizard(self, model, case):
        return Form(self.env[model].with_user(self.collector).with_context(default_case_id=case.id))

    def test_a_button_runs_the_way_a_browser_asks(self):
        """A browser sends the ids with every button; a method of the model alone takes none and falls over."""
        ours = [('model', '=like', 'cobranza.%'), ('type', '!=', 'qweb')]
        for view in self.env['ir.ui.view'].search(ours):
            for button in etree.fromstring(view.arch).xpath("//button[@type='object']"):
                method = getattr(self.env.registry[view.model], button.get('name'), None)
                with self.subTest(view=view.name, button=button.get('name')):
                    self.assertFalse(getattr(method, '_api_model', False))

    def test_promise_is_prefilled_with_what_is_overdue(self):
        case = self._open_case(amount=100)
        form = self._wizard('cobranza.promise.wizard', case)
        self.assertEqual(form.amount, 100)
        form.day = 'tomorrow'
        form.save().action_confirm()
        self.assertRecordValues(case.promise_ids, [{'amount': 100, 'date': self._day(1)}])
        self.assertEqual(case.item_ids.cobranza_mark, 'promised')

    def test_the_payment_dialog_says_whose_it_is_and_takes_what_was_chosen(self):
        self._invoice(amount=100, days_overdue=10)
        self._invoice(amount=70, days_overdue=-5)
        self._run()
        case = self._case()
        late, coming = case.item_ids.sorted('date_maturity')
        for chosen, expected in (
            ((), late),
            (coming.ids, coming),
            ((late + coming).ids, late + coming),
        ):
            with self.subTest(items=len(chosen)):
                action = case.action_register_payment(chosen)
                self.assertIn(case.partner_id.name, action['name'])
                self.assertEqual(set(action['context']['active_ids']), set(expected.ids))

    def test_an_absence_starts_with_today(self):
        form = Form(self.env['cobranza.absence'].with_user(self.supervisor))
        form.user_id = self.collector
        self.assertTrue(form.save().is_current)

    def test_dispute_takes_the_only_item(self):
        case = self._open_case(amount=100)
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        form = self._wizard('cobranza.dispute.wizard', case)
        form.reason_id = reason
        form.amount = 30
        form.save().action_confirm()
        self.assertRecordValues(
            case.dispute_ids, [{'amount': 30, 'line_id': case.item_ids.id, 'reason_id': reason.id}]
        )
        self.assertEqual(case.item_ids.cobranza_mark, 'disputed')

    def test_hold_of_many_cases(self):
        case = self._open_case()
        form = Form(
            self.env['cobranza.hold.wizard']
            .with_user(self.collector)
            .with_context(active_ids=case.ids)
        )
        form.length = '3'
        form.save().action_confirm()
        self.assertRecordValues(case, [{'is_on_hold': True, 'hold_until': self._day(3)}])
        self.assertEqual(case.next_best, 'release')
        case.action_release_hold()
        self.assertFalse(case.is_on_hold)

    def test_logged_call_carries_out_the_one_of_the_strategy(self):
        self.debtor.phone = '+57 1 2345678'
        case = self._open_case(days_overdue=40)
        self._dispatch()
        self.assertEqual(case.next_best, 'call')
        form = self._wizard('cobranza.contact.wizard', case)
        self.assertEqual(form.reminder_id, case.reminder_ids)
        form.summary = 'They pay on Fridays'
        form.save().action_confirm()
        self.assertEqual(case.reminder_ids.state, 'sent')
        self.assertEqual(case.interaction_ids.mapped('summary'), ['They pay on Fridays'])
        self.assertEqual(case.next_best, 'promise')

    def test_only_a_supervisor_reassigns(self):
        case = self._open_case()
        with self.assertRaises(AccessError):
            self.env['cobranza.reassign.wizard'].with_user(self.collector).create({})
        wizard = self.env['cobranza.reassign.wizard'].with_user(self.supervisor)
        wizard.create(
            {'case_ids': [Command.set(case.ids)], 'user_id': self.other_collector.id}
        ).action_confirm()
        self.assertEqual(case.sudo().user_id, self.other_collector)

    def _words(self, reminder):
        """Return the text of a preview; its links are made when it is sent."""
        return html2plaintext(reminder.preview_body, include_references=False)

    def test_preview_is_what_is_sent(self):
        self.company.cobranza_review = True
        case = self._open_case(amount=100)
        reminder = case.reminder_ids
        preview = self._words(reminder)
        self.assertIn('100.00', reminder.preview_subject)
        self.assertIn(self.debtor.email, reminder.preview_to)
        reminder.with_user(self.supervisor).action_approve()
        self._dispatch()
        self.assertEqual(self._words(reminder), preview)

    def test_preview_says_that_nothing_is_owed_any_more(self):
        self.company.cobranza_review = True
        invoice = self._invoice()
        self._run()
        self._pay(amount=100, invoice=invoice)
        reminder = self._reminder().with_user(self.supervisor)
        self.assertIn('Nothing is owed', reminder.preview_note)
        self.assertFalse(reminder.preview_body)

    def test_template_warns_while_it_is_written(self):
        form = Form(self.env['cobranza.template'].with_user(self.manager))
        form.name, form.subject = 'Rude', '{{nonsense}}'
        form.body = '<p>Pay or go to jail</p>'
        self.assertIn('nonsense', form.warning)
        self.assertIn('jail', form.warning)

    def test_channels_say_whom_they_reach_and_why_not(self):
        case = self._open_case()
        status = {channel['code']: channel for channel in case.channel_status}
        self.assertTrue(status['email']['allowed'])
        self.assertEqual(status['email']['address'], self.debtor.email)
        self.assertEqual(status['phone']['reason'], 'no address')

    def test_empty_columns_of_the_board_are_folded(self):
        case = self._open_case()
        groups = (
            self.env['cobranza.case']
            .with_context(read_group_expand=True)
            .formatted_read_group([('id', 'in', case.ids)], ['stage_id'], ['__count'])
        )
        unfolded = [group['stage_id'][0] for group in groups if not group['__fold']]
        self.assertEqual(unfolded, case.stage_id.ids)

    # === WHAT PEOPLE READ === #

    def test_how_a_delivery_ended_is_said_in_the_readers_language(self):
        self.env['res.lang']._activate_lang('es_419')
        sent = self.env['ir.model.fields.selection'].search(
            [
                ('field_id.model', '=', 'cobranza.reminder'),
                ('field_id.name', '=', 'state'),
                ('value', '=', 'sent'),
            ]
        )
        sent.with_context(lang='es_419').name = 'Enviado'
        contacts = self.env['cobranza.interaction'].with_context(lang='es_419')
        labels = dict(contacts.fields_get(['reminder_state'])['reminder_state']['selection'])
        self.assertEqual(labels['sent'], 'Enviado')

    def test_a_promise_in_the_calendar_says_whose_it_is(self):
        promise = self.env['cobranza.promise'].new(
            {'partner_id': self.debtor.id, 'amount': 10, 'currency_id': self.company.currency_id.id}
        )
        self.assertIn(self.debtor.name, promise.display_name)

    def test_what_people_look_up_on_the_way_has_cards_for_a_phone(self):
        for name in ('hold', 'interaction', 'writeoff', 'promise', 'dispute', 'reminder'):
            action = self.env.ref(f'cobranza_management.cobranza_{name}_action')
            self.assertIn('kanban', action.view_mode.split(','), name)


@tagged('post_install', '-at_install')
class TestSetup(CobranzaCommon):
    """The set-up assistant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls._strategy({5: {}}, default=False)
        cls.company.cobranza_active = False

    def _opening(self, amount):
        """Return the receivable item of an opening balance, which Odoo leaves out of follow-up."""
        accounts = self.env['account.account'].search([('company_ids', 'in', self.company.ids)])
        receivable = accounts.filtered(lambda a: a.account_type == 'asset_receivable')
        income = accounts.filtered(lambda a: a.account_type == 'income')
        move = self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    Command.create(
                        {
                            'account_id': receivable.id,
                            'partner_id': self.debtor.id,
                            'debit': amount,
                            'date_maturity': self._day(-20),
                        }
                    ),
                    Command.create({'account_id': income.id, 'credit': amount}),
                ],
            }
        )
        move.action_post()
        item = self._items(move)
        self.assertTrue(item.no_followup)
        return item

    def test_start_gives_a_working_default(self):
        item = self._opening(70)
        form = Form(self.env['cobranza.setup'].with_user(self.manager))
        form.strategy_id = self.env['cobranza.strategy'].search([('name', '=', 'Ladder')])
        form.user_ids.clear()
        form.user_ids.add(self.collector)
        self.assertEqual((form.opening_count, form.opening_amount), (1, 70))
        run = self.env['cobranza.run'].browse(form.save().action_start()['res_id'])
        self.assertEqual((run.state, run.reminder_count), ('done', 1))
        self.assertFalse(item.no_followup)
        self.assertRecordValues(
            self._case(), [{'amount_overdue': 70, 'user_id': self.collector.id}]
        )

    def test_opening_balances_are_chosen_one_by_one(self):
        first, second = self._opening(70), self._opening(30)
        form = Form(self.env['cobranza.setup'].with_user(self.manager))
        form.opening_choice = 'some'
        with form.opening_ids.edit(0) as line:
            line.included = False
        form.save().action_start()
        self.assertEqual([first.no_followup, second.no_followup], [True, False])

    def test_a_second_start_keeps_the_team(self):
        for _time in range(2):
            form = Form(self.env['cobranza.setup'].with_user(self.manager))
            form.save().action_start()
        team = self.env['cobranza.team'].search([('company_id', '=', self.company.id)])
        self.assertEqual(team.member_ids.user_id, self.manager)
