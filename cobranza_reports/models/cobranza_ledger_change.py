from odoo import fields, models
from odoo.tools import SQL

#: Columns of a receivable item that the months are read from; what of it is open follows from reconciliations.
LINE_COLUMNS = (
    'account_id', 'balance', 'company_id', 'date', 'date_maturity', 'display_type', 'parent_state', 'partner_id',
)  # fmt: skip
PARTIAL_COLUMNS = ('amount', 'credit_move_id', 'debit_move_id', 'max_date')
#: What writes down the first day that a change matters to; `%s` is that day. One note of a transaction is enough.
NOTE = 'INSERT INTO cobranza_ledger_change (date) VALUES (%s) ON CONFLICT DO NOTHING;'
EVERY_DAY = "'-infinity'"
#: {function of a trigger: what it does}
FUNCTIONS = {
    'cobranza_note_item': f"""
        IF EXISTS (SELECT FROM account_account
                    WHERE id IN (OLD.account_id, NEW.account_id) AND account_type = 'asset_receivable') THEN
            {NOTE % f'COALESCE(LEAST(OLD.date, NEW.date), {EVERY_DAY})'}
        END IF;
    """,
    'cobranza_note_reconciliation': NOTE
    % f'COALESCE(LEAST(OLD.max_date, NEW.max_date), {EVERY_DAY})',
    'cobranza_note_every_day': NOTE % EVERY_DAY,
}


def _differ(names):
    """Return when a trigger of a row has something to say: one of these columns is another."""
    old, new = (', '.join(f'{row}.{name}' for name in names) for row in ('OLD', 'NEW'))
    return f'({old}) IS DISTINCT FROM ({new})'


#: (name, table, event, for what, function). One that becomes another needs another name, or databases keep the old one.
TRIGGERS = (
    ('cobranza_item_added', 'account_move_line', 'INSERT',
     "ROW WHEN (NEW.parent_state = 'posted')", 'cobranza_note_item'),
    ('cobranza_item_removed', 'account_move_line', 'DELETE',
     "ROW WHEN (OLD.parent_state = 'posted')", 'cobranza_note_item'),
    ('cobranza_item_changed', 'account_move_line', f'UPDATE OF {", ".join(LINE_COLUMNS)}',
     f"ROW WHEN ('posted' IN (OLD.parent_state, NEW.parent_state) AND {_differ(LINE_COLUMNS)})",
     'cobranza_note_item'),
    ('cobranza_items_emptied', 'account_move_line', 'TRUNCATE', 'STATEMENT', 'cobranza_note_every_day'),
    ('cobranza_reconciled', 'account_partial_reconcile', 'INSERT OR DELETE', 'ROW', 'cobranza_note_reconciliation'),
    ('cobranza_reconciled_otherwise', 'account_partial_reconcile', f'UPDATE OF {", ".join(PARTIAL_COLUMNS)}',
     f'ROW WHEN ({_differ(PARTIAL_COLUMNS)})', 'cobranza_note_reconciliation'),
    ('cobranza_reconciliations_emptied', 'account_partial_reconcile', 'TRUNCATE', 'STATEMENT',
     'cobranza_note_every_day'),
    ('cobranza_account_retyped', 'account_account', 'UPDATE OF account_type',
     f'ROW WHEN ({_differ(["account_type"])})', 'cobranza_note_every_day'),
)  # fmt: skip


class CobranzaLedgerChange(models.Model):
    """A change of what months are read from: the first day it matters to, and the transaction that made it.

    Only what has been kept since asks for them; what it has seen is thrown away (`cobranza.report.month.kept`).
    Whoever switches triggers off to load data deletes the kept months afterwards.
    """

    _name = 'cobranza.ledger.change'
    _description = 'Change of the Ledger'
    _log_access = False

    date = fields.Date(required=True)

    def init(self):
        """Let the database note changes by itself: whoever makes them, through the ORM or not, is seen."""
        execute = self.env.cr.execute
        execute(  # here, and not as models.UniqueIndex: the ORM has no type for numbers of transactions
            """
            ALTER TABLE cobranza_ledger_change
                ADD COLUMN IF NOT EXISTS xid xid8 NOT NULL DEFAULT PG_CURRENT_XACT_ID();
            CREATE UNIQUE INDEX IF NOT EXISTS cobranza_ledger_change_once ON cobranza_ledger_change (date, xid)
            """
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
        missing = self._missing_triggers()
        for name, table, event, scope, function in missing:
            execute(
                SQL(
                    'CREATE TRIGGER %s AFTER %s ON %s FOR EACH %s EXECUTE FUNCTION %s()',
                    SQL.identifier(name),
                    SQL(event),
                    SQL.identifier(table),
                    SQL(scope),
                    SQL.identifier(function),
                )
            )
        if missing:  # nobody noted what happened without them
            execute(FUNCTIONS['cobranza_note_every_day'])

    def _missing_triggers(self):
        """Return those of `TRIGGERS` that are not there: to make one again would lock the ledger for an upgrade."""
        self.env.cr.execute(
            'SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s)', [[row[0] for row in TRIGGERS]]
        )
        known = {name for [name] in self.env.cr.fetchall()}
        return [row for row in TRIGGERS if row[0] not in known]

    def _stop_noting(self):
        """Drop the triggers, before their table goes."""
        for name in FUNCTIONS:
            self.env.cr.execute(SQL('DROP FUNCTION IF EXISTS %s CASCADE', SQL.identifier(name)))
