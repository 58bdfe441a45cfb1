INSERT INTO account_payment (id, name, move_id, journal_id, company_id, partner_id,
    payment_method_line_id, payment_method_id, currency_id, outstanding_account_id,
    destination_account_id, state, payment_type, partner_type, memo, date, amount,
    amount_company_currency_signed, is_reconciled, is_matched, is_sent, create_uid, write_uid,
    create_date, write_date)
SELECT %(payment0)s + p.k, d.name, d.move_id, d.journal_id, c.id, p.commercial_id,
       c.method_line, c.method, p.currency_id, c.bank_account, c.receivable,
       CASE WHEN c.matched THEN 'paid' ELSE 'in_process' END, 'inbound', 'customer', o.memo,
       p.date, p.amount, round(p.amount / p.rate, 2), p.kind <> 'free', c.matched, false,
       1, 1, p.date, p.date
  FROM gen_payment p
  JOIN gen_memo o ON o.k = p.k
  JOIN gen_document d ON d.kind = 'payment' AND d.k = p.k
  JOIN gen_company c ON c.slot = p.slot
 ORDER BY p.k;

INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)
SELECT full_id, 1, 1, max(date), max(date)
  FROM gen_reconcile WHERE full_id IS NOT NULL GROUP BY full_id;

INSERT INTO account_partial_reconcile (id, debit_move_id, credit_move_id, full_reconcile_id,
    debit_currency_id, credit_currency_id, company_id, max_date, amount, debit_amount_currency,
    credit_amount_currency, create_uid, write_uid, create_date, write_date)
SELECT r.id, r.debit_id, r.credit_id, r.full_id, r.currency_id, r.currency_id, c.id, r.date,
       r.balance, r.amount, r.amount, 1, 1, r.date, r.date
  FROM gen_reconcile r JOIN gen_company c ON c.slot = r.slot
 ORDER BY r.id;

INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT DISTINCT invoice_id, payment_id FROM gen_reconcile WHERE payment_id IS NOT NULL;
