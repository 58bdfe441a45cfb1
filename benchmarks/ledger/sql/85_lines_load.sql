-- Each source row becomes one journal item. "amount" carries the sign, in the document's
-- currency; only receivable lines are settled.
INSERT INTO account_move_line (id, move_id, move_name, ref, name, journal_id, company_id,
    company_currency_id, currency_id, account_id, partner_id, payment_id, parent_state,
    display_type, sequence, date, invoice_date, date_maturity, balance, amount_currency, debit,
    credit, amount_residual, amount_residual_currency, reconciled, full_reconcile_id,
    matching_number, quantity, price_unit, price_subtotal, price_total, discount,
    discount_amount_currency, discount_balance, is_storno, no_followup, deductible_amount,
    create_uid, write_uid, create_date, write_date)
SELECT x.id, x.move_id, x.move_name, x.ref, x.label, x.journal_id, x.company_id,
       x.company_currency_id, x.currency_id, x.account_id, x.commercial_id, x.payment_id, 'posted',
       x.kind, x.sequence, x.date, x.invoice_date, x.maturity, x.balance, x.amount,
       greatest(x.balance, 0), greatest(-x.balance, 0), round(x.residual / x.rate, 2), x.residual,
       x.account_id = x.receivable AND x.residual = 0, m.full_id, m.number, x.quantity, x.price,
       x.subtotal, x.subtotal, 0,
       CASE WHEN x.kind = 'payment_term' THEN 0 END, CASE WHEN x.kind = 'payment_term' THEN 0 END,
       false, false, 100, 1, 1, x.date, x.date
  FROM (SELECT s.*, c.id AS company_id, c.currency_id AS company_currency_id, c.receivable,
               CASE s.account WHEN 'receivable' THEN c.receivable WHEN 'income' THEN c.income
                              ELSE c.bank_account END AS account_id,
               round(s.amount / s.rate, 2) AS balance,
               -- Cash accounts keep a residual until the statement line comes.
               CASE WHEN s.account <> 'bank' THEN s.open
                    WHEN c.bank_reconcile THEN s.amount ELSE 0 END AS residual
          FROM (SELECT d.line_id AS id, d.move_id, d.name AS move_name, NULL AS ref,
                       'Servicios' AS label, d.journal_id, i.slot, i.currency_id, i.rate,
                       'income' AS account, i.commercial_id, NULL::int AS payment_id,
                       'product' AS kind, 100 AS sequence, d.date, d.date AS invoice_date,
                       NULL::date AS maturity, -i.amount AS amount, 0::numeric AS open,
                       1 AS quantity, i.amount AS price, i.amount AS subtotal
                  FROM gen_invoice i JOIN gen_document d ON d.kind = 'invoice' AND d.k = i.k
                UNION ALL
                SELECT d.line_id + t.n, d.move_id, d.name, NULL,
                       d.name || CASE WHEN term.lines > 1 THEN ' cuota #' || t.n ELSE '' END,
                       d.journal_id, i.slot, i.currency_id, i.rate, 'receivable', i.commercial_id,
                       NULL, 'payment_term', 12000, d.date, d.date, t.due, t.amount,
                       t.amount - t.paid, 0, 0, 0
                  FROM gen_item t
                  JOIN gen_invoice i ON i.k = t.invoice_k
                  JOIN gen_term term ON term.id = i.term
                  JOIN gen_document d ON d.kind = 'invoice' AND d.k = i.k
                UNION ALL
                SELECT d.line_id + l.n, d.move_id, d.name, NULL,
                       CASE l.n WHEN 0 THEN 'Servicios' END, d.journal_id, r.slot, r.currency_id,
                       r.rate, l.account, r.commercial_id, NULL, l.kind, l.sequence, d.date,
                       d.date, CASE l.n WHEN 1 THEN d.date END, l.sign * r.amount,
                       CASE WHEN l.n = 1 AND NOT r.settled THEN -r.amount ELSE 0 END,
                       1 - l.n, (1 - l.n) * r.amount, (1 - l.n) * r.amount
                  FROM gen_refund r
                  JOIN gen_document d ON d.kind = 'refund' AND d.k = r.k
                 CROSS JOIN (VALUES (0, 'income', 'product', 100, 1),
                                    (1, 'receivable', 'payment_term', 12000, -1))
                         AS l (n, account, kind, sequence, sign)
                UNION ALL
                SELECT d.line_id + l.n, d.move_id, d.name, o.memo, 'Pago manual: ' || o.memo,
                       d.journal_id, p.slot, p.currency_id, p.rate, l.account, p.commercial_id,
                       %(payment0)s + p.k, 'product', 100, d.date, NULL, d.date,
                       l.sign * p.amount,
                       CASE WHEN l.n = 1 AND p.kind = 'free' THEN -p.amount ELSE 0 END,
                       1, 0, l.sign * p.amount
                  FROM gen_payment p
                  JOIN gen_memo o ON o.k = p.k
                  JOIN gen_document d ON d.kind = 'payment' AND d.k = p.k
                 CROSS JOIN (VALUES (0, 'bank', 1), (1, 'receivable', -1))
                         AS l (n, account, sign)) s
          JOIN gen_company c ON c.slot = s.slot) x
  LEFT JOIN gen_match m ON m.line_id = x.id
 ORDER BY x.id;
