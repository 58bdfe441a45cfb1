-- An invoice is settled once its last instalment would have been paid.
UPDATE gen_invoice i
   SET last_pay = l.pay_date,
       status = CASE WHEN l.pay_date <= %(today)s THEN 'paid' ELSE 'open' END
  FROM (SELECT invoice_k, max(pay_date) AS pay_date FROM gen_item GROUP BY invoice_k) l
 WHERE l.invoice_k = i.k;

-- Settle exactly the wanted share: reopen the riskiest, or settle the oldest open ones.
-- A reopened invoice keeps its first instalments paid, as in real life.
WITH excess AS (
    SELECT count(*) FILTER (WHERE status = 'paid')
           - round((1 - %(open_share)s) * count(*))::int AS n FROM gen_invoice
), reopen AS (
    SELECT k FROM gen_invoice WHERE status = 'paid' ORDER BY risk DESC, k
     LIMIT (SELECT greatest(n, 0) FROM excess)
), settle AS (
    SELECT k FROM gen_invoice WHERE status = 'open' ORDER BY due, k
     LIMIT (SELECT greatest(-n, 0) FROM excess)
), change AS (
    SELECT k, 'open' AS status FROM reopen UNION ALL SELECT k, 'paid' FROM settle
)
UPDATE gen_invoice i
   SET status = c.status,
       first_open = CASE WHEN c.status = 'open'
                         THEN 1 + floor(pg_temp.chance('first open', i.k) * t.lines)::int END
  FROM change c, gen_term t
 WHERE c.k = i.k AND t.id = i.term;

-- Some settled invoices were reversed by a credit note instead of paid.
WITH pick AS (
    SELECT k FROM gen_invoice WHERE status = 'paid' ORDER BY pg_temp.chance('reversed', k), k
     LIMIT round(.6 * %(credit_share)s * %(invoices)s)
)
UPDATE gen_invoice i
   SET status = 'reversed',
       last_pay = least(%(today)s,
                        i.invoice_date + 1 + floor(pg_temp.chance('reversal', i.k) * 20)::int)
  FROM pick WHERE pick.k = i.k;

UPDATE gen_item t
   SET paid = t.amount, status = CASE i.status WHEN 'reversed' THEN 'reversed' ELSE 'paid' END,
       pay_date = CASE i.status WHEN 'reversed' THEN i.last_pay
                                ELSE least(t.pay_date, %(today)s) END
  FROM gen_invoice i
 WHERE i.k = t.invoice_k
   AND (i.status <> 'open'
        OR (t.pay_date <= %(today)s
            -- Kept open by first_open: natural open invoices have 1, with unpaid dates.
            AND (i.last_pay > %(today)s OR t.n < i.first_open)));

-- Part payments: of the first open instalment of an overdue invoice.
WITH pick AS (
    SELECT invoice_k, n
      FROM (SELECT DISTINCT ON (invoice_k) * FROM gen_item WHERE status = 'open'
             ORDER BY invoice_k, n) t
     WHERE due < %(today)s AND amount > 10
     ORDER BY pg_temp.chance('partial', invoice_k), invoice_k
     LIMIT round(%(partial_share)s * %(invoices)s)
)
UPDATE gen_item t
   SET status = 'partial',
       paid = pg_temp.payable(t.amount::float8 * (.2 + .6 * pg_temp.chance('part', i.k)),
                              i.is_foreign),
       pay_date = i.invoice_date
                  + floor(pg_temp.chance('part date', i.k) * (%(today)s - i.invoice_date + 1))::int
  FROM pick, gen_invoice i
 WHERE pick.invoice_k = t.invoice_k AND pick.n = t.n AND i.k = t.invoice_k;
ANALYZE gen_item; ANALYZE gen_invoice;
