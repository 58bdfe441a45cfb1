from odoo import fields, models
from odoo.tools import SQL

#: Columns of a receivable item that the months are read from; what of it is open follows from reconciliations.
LINE_COLUMNS = (
    'account_id', 'balance', 'company_id', 'date', 'date_maturity', 'display_type', 'parent_state', 'partner_id',
)  # fmt: skip
PARTIAL_COLUMNS = ('amount', 'credit_move_id', 'debit_move_id', 'max_date')
#: {function: what it writes down the day of}
FUNCTIONS = {
    'cobranza_note_item': """
        IF EXISTS (SELECT FROM account_account
                    WHERE id IN (OLD.account_id, NEW.account_id) AND account_type = 'asset_receivable') THEN
            INSERT INTO cobranza_ledger_change (date) VALUES (COALESCE(LEAST(OLD.date, NEW.date), '-infinity'));
        END IF;
    """,
    'cobranza_note_reconciliation': """
        INSERT INTO cobranza_ledger_change (date) VALUES (COALESCE(LEAST(OLD.max_date, NEW.max_date), '-infinity'));
    """,
    # every day there was
    'cobranza_note_account': "INSERT INTO cobranza_ledger_change (date) VALUES ('-infinity');",
}


def _differ(names):
    """Return the condition that one of these columns is another."""
    old, new = (', '.join(f'{row}.{name}' for name in names) for row in ('OLD', 'NEW'))
    return f'({old}) IS DISTINCT FROM ({new})'


#: (name, table, when, on which condition, function)
TRIGGERS = (
    ('cobranza_item_added', 'account_move_line', 'INSERT', "NEW.parent_state = 'posted'", 'cobranza_note_item'),
    ('cobranza_item_removed', 'account_move_line', 'DELETE', "OLD.parent_state = 'posted'", 'cobranza_note_item'),
    (
        'cobranza_item_changed',
        'account_move_line',
        f'UPDATE OF {", ".join(LINE_COLUMNS)}',
        f"'posted' IN (OLD.parent_state, NEW.parent_state) AND {_differ(LINE_COLUMNS)}",
        'cobranza_note_item',
    ),
    (
        'cobranza_reconciled',
        'account_partial_reconcile',
        'INSERT OR DELETE',
        'TRUE',
        'cobranza_note_reconciliation',
    ),
    (
        'cobranza_reconciled_otherwise',
        'account_partial_reconcile',
        f'UPDATE OF {", ".join(PARTIAL_COLUMNS)}',
        _differ(PARTIAL_COLUMNS),
        'cobranza_note_reconciliation',
    ),
    (
        'cobranza_account_retyped',
        'account_account',
        'UPDATE OF account_type',
        _differ(['account_type']),
        'cobranza_note_account',
    ),
)  # fmt: skip


class CobranzaLedgerChange(models.Model):
    """A change of what months are read from: the first day it matters to, and the transaction that made it.

    Only what has been kept since asks for them; what it has seen is thrown away (`cobranza.report.month.kept`).
    """

    _name = 'cobranza.ledger.change'
    _description = 'Change of the Ledger'
    _log_access = False

    date = fields.Date(required=True)

    _date_idx = models.Index('(date)')

    def init(self):
        """Let the database note changes by itself: whoever makes them, through the ORM or not, is seen."""
        execute = self.env.cr.execute
        execute(
            'ALTER TABLE cobranza_ledger_change'
            ' ADD COLUMN IF NOT EXISTS xid xid8 NOT NULL DEFAULT PG_CURRENT_XACT_ID()'
        )
        for name, body in FUNCTIONS.items():
            execute(
                SQL(
                    'CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS'
                    ' $$ BEGIN %s RETURN NULL; END $$',
                    SQL.identifier(name),
                    SQL(body),
                )
            )
        for name, table, when, condition, function in TRIGGERS:
            trigger, ledger = SQL.identifier(name), SQL.identifier(table)
            execute(SQL('DROP TRIGGER IF EXISTS %s ON %s', trigger, ledger))
            execute(
                SQL(
                    'CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s()',
                    trigger,
                    SQL(when),
                    ledger,
                    SQL(condition),
                    SQL.identifier(function),
                )
            )

    def _stop_noting(self):
        """Drop the triggers, before their table goes."""
        for name in FUNCTIONS:
            self.env.cr.execute(SQL('DROP FUNCTION IF EXISTS %s CASCADE', SQL.identifier(name)))
