"""Bad input gets a clear sentence and loses nothing."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestBadInput(CobranzaCommon):
    def _refused(self, words):
        return self.assertRaisesRegex(ValidationError, words)

    def test_buckets_that_overlap_or_leave_a_gap_are_refused(self):
        bucket = self.company.cobranza_bucket_ids.sorted('first_day')[1]
        with self._refused('overlap'):
            bucket.last_day = 45
        with self._refused('Some days fall between'):
            bucket.last_day = 20
        with self._refused('Some days fall between'):
            bucket.unlink()

    def test_two_steps_on_the_same_day_are_refused(self):
        strategy = self._strategy({5: {}, 9: {}})
        with self._refused('on the same day'):
            strategy.step_ids[1].offset = 5

    def test_the_sign_of_a_day_is_never_the_users_to_get_wrong(self):
        step = self._strategy({5: {}}).step_ids
        step.when = 'before'
        self.assertEqual(step.offset, -5)
        step.days = 3
        self.assertEqual(step.offset, -3)
        step.when = 'on'
        self.assertEqual(step.offset, 0)

    def test_a_wrong_or_unsafe_condition_is_refused_with_its_name(self):
        for condition in (
            "[('nope', '=', 1)]",
            '[(',
            "__import__('os').system('true')",
            "[('amount_open', '=', (lambda: 1)())]",
            '42',
        ):
            with self.subTest(condition=condition), self._refused('Rich'):
                self.env['cobranza.segment'].create({'name': 'Rich', 'condition': condition})

    def test_an_unknown_placeholder_is_refused_in_every_language(self):
        with self._refused('nope'):
            self._template(body='<p>{{nope}}</p>')
        with self._refused('nada'):
            self.template.with_context(lang='es_419').subject = '{{nada}}'

    def test_a_threat_is_refused_in_every_language(self):
        with self._refused('carcel'):
            self.template.with_context(lang='es_419').body = '<p>Irá a la <b>CÁRCEL</b></p>'

    def test_a_currency_without_a_rate_claims_at_the_documents_own(self):
        self.env['res.currency.rate'].search([('currency_id', '=', self.clp.id)]).unlink()
        self._strategy({5: {'minimum_amount': 50}})
        self._invoice(amount=90000, currency=self.clp)
        run = self._run()
        self.assertEqual(run.reminder_count, 1)

    def test_the_smallest_claim_is_in_company_currency_for_pesos_too(self):
        self._strategy({5: {'minimum_amount': 50}})
        small, large = self._debtor('Small'), self._debtor('Large')
        self._invoice(small, amount=9000, currency=self.clp)  # 10 dollars
        self._invoice(large, amount=90000, currency=self.clp)  # 100 dollars
        self._run()
        self.assertFalse(self._reminders(small))
        self.assertEqual(self._reminder(large).amount, 100)

    @mute_logger('odoo.addons.cobranza_management.models.cobranza_run')
    def test_a_company_that_fails_is_reported_and_does_not_stop_the_next(self):
        other = self._company('Iberia', 'ES', self.usd)
        segment = self.env['cobranza.segment'].create({'name': 'Broken', 'company_id': other.id})
        self.env.cr.execute(
            "UPDATE cobranza_segment SET condition = 'broken' WHERE id = %s", [segment.id]
        )
        self.env.invalidate_all()
        runs = [self.env['cobranza.run']._run(company) for company in (other, self.company)]
        self.assertEqual([run.state for run in runs], ['failed', 'done'])
        self.assertIn('Broken', runs[0].error)
