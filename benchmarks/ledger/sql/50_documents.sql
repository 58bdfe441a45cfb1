-- Credit notes: those that reverse an invoice, then open ones.
CREATE TEMP TABLE gen_refund ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY date, invoice_k, o) AS k, r.*
  FROM (SELECT k AS invoice_k, 0 AS o, slot, commercial_id, partner_id, user_id, currency_id,
               rate, last_pay AS date, amount, true AS settled
          FROM gen_invoice WHERE status = 'reversed'
        UNION ALL
        SELECT NULL, o, g.slot, g.id, g.id, g.user_id, m.currency_id, m.rate,
               %(today)s - floor(power(pg_temp.chance('credit age', o), 2) * 400)::int,
               pg_temp.payable(exp(5 + .8 * pg_temp.normal('credit', o)), g.is_foreign), false
          FROM (SELECT o, p.id, p.user_id, greatest(p.slot, 1) AS slot,
                       pg_temp.chance('credit currency', o) < p.foreign_share AS is_foreign
                  FROM generate_series(1, round(.4 * %(credit_share)s * %(invoices)s)::int) o
                  JOIN gen_partner p ON p.k = pg_temp.buyer('credit', o, %(partners)s)) g
          JOIN gen_money m ON m.slot = g.slot AND m.is_foreign = g.is_foreign) r;
CREATE UNIQUE INDEX ON gen_refund (k);

-- Payments: one per debtor, currency and pay date, one per part payment, some on account.
CREATE TEMP TABLE gen_payment ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY date, commercial_id, slot, kind, currency_id, invoice_k) AS k,
       r.*
  FROM (SELECT 'full' AS kind, i.slot, i.commercial_id, i.currency_id, i.rate, t.pay_date AS date,
               min(i.k) AS invoice_k, min(t.n) AS n, sum(t.amount) AS amount,
               count(*) AS items
          FROM gen_item t JOIN gen_invoice i ON i.k = t.invoice_k
         WHERE t.status = 'paid'
         GROUP BY i.slot, i.commercial_id, i.currency_id, i.rate, t.pay_date
        UNION ALL
        SELECT 'part', i.slot, i.commercial_id, i.currency_id, i.rate, t.pay_date, i.k, t.n,
               t.paid, 1
          FROM gen_item t JOIN gen_invoice i ON i.k = t.invoice_k
         WHERE t.status = 'partial'
        UNION ALL
        SELECT 'free', g.slot, g.id, m.currency_id, m.rate,
               %(today)s - floor(power(pg_temp.chance('free age', o), 2) * 200)::int, -o, 0,
               pg_temp.payable(exp(6 + pg_temp.normal('free', o)), g.is_foreign), 0
          FROM (SELECT o, p.id, greatest(p.slot, 1) AS slot,
                       pg_temp.chance('free currency', o) < p.foreign_share AS is_foreign
                  FROM generate_series(1, round(%(on_account_share)s * %(invoices)s)::int) o
                  JOIN gen_partner p ON p.k = pg_temp.buyer('free', o, %(partners)s)) g
          JOIN gen_money m ON m.slot = g.slot AND m.is_foreign = g.is_foreign) r;
CREATE UNIQUE INDEX ON gen_payment (k);
CREATE UNIQUE INDEX ON gen_payment (commercial_id, date, slot, currency_id) WHERE kind = 'full';
ANALYZE gen_refund; ANALYZE gen_payment;

-- Every document gets its ids in the order of time, so that journal items of invoices and
-- payments alternate on disk as they do in a ledger that grew.
CREATE TEMP TABLE gen_document ON COMMIT DROP AS
SELECT n.kind, n.k, n.date, n.journal_id, n.prefix, n.move_id, n.line_id, n.seq,
       n.prefix || pg_temp.padded(n.seq) AS name
  FROM (SELECT d.*,
               (%(move0)s + row_number() OVER time)::int AS move_id,
               (%(line0)s + sum(d.lines) OVER time - d.lines + 1)::int AS line_id,
               coalesce(s.last, 0) + row_number() OVER (PARTITION BY d.journal_id, d.prefix
                                                        ORDER BY d.date, d.kind, d.k) AS seq
          FROM (SELECT 'invoice' AS kind, i.k, i.invoice_date AS date, c.sale_journal AS journal_id,
                       c.sale_code || '/' || extract(year FROM i.invoice_date) || '/' AS prefix,
                       1 + t.lines AS lines
                  FROM gen_invoice i
                  JOIN gen_company c ON c.slot = i.slot
                  JOIN gen_term t ON t.id = i.term
                UNION ALL
                SELECT 'refund', r.k, r.date, c.sale_journal,
                       'R' || c.sale_code || '/' || extract(year FROM r.date) || '/', 2
                  FROM gen_refund r JOIN gen_company c ON c.slot = r.slot
                UNION ALL
                SELECT 'payment', p.k, p.date, c.bank_journal,
                       'P' || c.bank_code || '/' || extract(year FROM p.date) || '/', 2
                  FROM gen_payment p JOIN gen_company c ON c.slot = p.slot) d
          LEFT JOIN (SELECT journal_id, sequence_prefix, max(sequence_number) AS last
                       FROM account_move GROUP BY journal_id, sequence_prefix) s
            ON s.journal_id = d.journal_id AND s.sequence_prefix = d.prefix
        WINDOW time AS (ORDER BY d.date, d.kind, d.k)) n;
CREATE UNIQUE INDEX ON gen_document (kind, k);
ANALYZE gen_document;

-- What the payer wrote: the first invoice paid, and how many items.
CREATE TEMP TABLE gen_memo ON COMMIT DROP AS
SELECT p.k, CASE WHEN p.kind = 'free' THEN 'Pago a cuenta'
                 WHEN p.items > 1 THEN p.items || ' facturas desde ' || d.name
                 ELSE d.name END AS memo
  FROM gen_payment p
  LEFT JOIN gen_document d ON d.kind = 'invoice' AND d.k = p.invoice_k;
CREATE UNIQUE INDEX ON gen_memo (k);
ANALYZE gen_memo;
