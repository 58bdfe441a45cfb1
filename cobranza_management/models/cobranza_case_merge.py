from odoo import models
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """What becomes of the cases when two debtors turn out to be one."""

    _inherit = 'cobranza.case'

    def _fold_into(self, src_partners, dst_partner):
        """Move everything of the merged debtors' cases to the surviving debtor's, company by company."""
        merged = self.with_context(active_test=False).search(
            [('partner_id', 'in', (src_partners + dst_partner).ids)]
        )
        for cases in merged.grouped('company_id').values():
            kept = cases.filtered(lambda case: case.partner_id == dst_partner)[:1] or cases[:1]
            gone = cases - kept
            if not gone:
                continue
            gone.interaction_ids._move_to(kept)
            gone._bring_along(kept)
            gone._fold_reminders(kept)
            gone._fold_handoffs(kept)
            gone.activity_ids.res_id = kept.id
            gone.message_ids.res_id = kept.id
            gone.unlink()

    def _bring_along(self, kept):
        """Move what hangs on these cases.

        By SQL: a promise only covers items of its own debtor, and these are still those of the one that goes.
        """
        names = ('hold_ids', 'promise_ids', 'dispute_ids', 'segment_change_ids', 'plan_ids',
                 'writeoff_ids')  # fmt: skip
        self.env.flush_all()
        for name in names:
            child = self.env[self._fields[name].comodel_name]
            self.env.cr.execute(
                SQL(
                    'UPDATE %s SET case_id = %s WHERE case_id IN %s',
                    SQL.identifier(child._table),
                    kept.id,
                    self._ids,
                )
            )
        self.env.invalidate_all()
        kept.modified(names)

    def _fold_reminders(self, kept):
        """Move the messages; of two for the same day, one that still waits yields and one that left is kept."""
        taken = set(kept.reminder_ids.mapped('date'))
        for reminder in self.reminder_ids:
            if reminder.date in taken and reminder.state in reminder._WAITING:
                reminder._stop('cancelled', 'superseded')
            reminder.write({'case_id': kept.id, 'is_folded': reminder.date in taken})
            taken.add(reminder.date)
