"""What the registry's cache holds follows every change, and is forgotten only then."""

from unittest.mock import patch

from odoo import Command
from odoo.modules.registry import Registry
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestCaches(CobranzaCommon):
    def _clears(self, change):
        """Return whether a change empties the cache."""
        with patch.object(Registry, 'clear_cache') as clear:
            change()
            self.env.flush_all()
        return clear.called

    def test_each_kind_of_cached_record_forgets_what_changed(self):
        rule = self.env['cobranza.contact.rule'].create(
            {'name': 'Rule', 'company_id': self.company.id, 'window_ids': [Command.create({})]}
        )
        buckets = self.env['cobranza.aging.bucket'].search([('company_id', '=', self.company.id)])
        account = self.env['account.account'].search(
            [('account_type', '=', 'asset_current')], limit=1
        )
        for record, values in (
            (rule, {'max_per_day': 3}),
            (rule.window_ids, {'start': 10}),
            (buckets[:1], {'color': '#123456'}),
            (self.env['cobranza.outcome'].search([], limit=1), {'name': 'Other'}),
            (self.env['cobranza.segment'].search([], limit=1), {'name': 'Other'}),
            (self.env['cobranza.strategy.step'].search([], limit=1), {'name': 'Other'}),
            (account, {'account_type': 'asset_prepayments'}),
        ):
            with self.subTest(record._name):
                self.assertTrue(self._clears(lambda r=record, v=values: r.write(v)))

    def test_what_no_cache_holds_empties_none(self):
        account = self.env['account.account'].search([], limit=1)
        outcome = self.env['cobranza.outcome'].search([], limit=1)
        segment = self.env['cobranza.segment'].search([], limit=1)
        for record, values in (
            (account, {'name': 'Other'}),
            (outcome, {'is_contact': False}),
            (segment, {'color': 3}),
        ):
            with self.subTest(record._name):
                self.assertFalse(self._clears(lambda r=record, v=values: r.write(v)))

    def test_a_segment_is_called_what_it_is_called_now_and_here(self):
        self.env['res.lang']._activate_lang('es_419')
        segment = self.env['cobranza.segment'].create({'name': 'Patient'})
        self.assertEqual(segment._cached_name(), 'Patient')
        segment.update_field_translations('name', {'es_419': 'Paciente'})
        self.assertEqual(segment.with_context(lang='es_419')._cached_name(), 'Paciente')
        segment.write({'active': False, 'name': 'Late'})
        self.assertEqual(segment._cached_name(), 'Late', 'its cases are still in it')
        self.assertEqual(segment.browse()._cached_name(), '')

    def test_a_rule_read_while_it_goes_is_gone_afterwards(self):
        """The old order emptied the cache first: whatever read it before the row was gone kept it."""
        Rule = self.env['cobranza.contact.rule']
        rule = Rule.create({'name': 'Short-lived', 'company_id': self.company.id})

        def names():
            return [binding.rule.name for binding in Rule._bindings_for(self.company)]

        self.assertIn('Short-lived', names())
        honest = type(self.env['base']).unlink

        def reading(records):
            names()
            return honest(records)

        with patch.object(self.registry['base'], 'unlink', reading):
            rule.unlink()
        self.assertNotIn('Short-lived', names())
