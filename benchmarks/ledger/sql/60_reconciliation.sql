-- Which receivable lines settle each other, in the currency they share.
CREATE TEMP TABLE gen_reconcile ON COMMIT DROP AS
SELECT (%(partial0)s + row_number() OVER (ORDER BY r.date, r.debit_id, r.credit_id))::int AS id,
       r.*, round(r.amount / r.rate, 2) AS balance
  FROM (SELECT di.line_id + t.n AS debit_id, dp.line_id + 1 AS credit_id, t.amount, t.pay_date
                 AS date, i.slot, i.currency_id, i.rate, (%(full0)s + p.k)::int AS full_id,
               di.move_id AS invoice_id, (%(payment0)s + p.k)::int AS payment_id
          FROM gen_item t
          JOIN gen_invoice i ON i.k = t.invoice_k
          JOIN gen_payment p ON p.kind = 'full' AND p.commercial_id = i.commercial_id
                            AND p.date = t.pay_date AND p.slot = i.slot
                            AND p.currency_id = i.currency_id
          JOIN gen_document di ON di.kind = 'invoice' AND di.k = i.k
          JOIN gen_document dp ON dp.kind = 'payment' AND dp.k = p.k
         WHERE t.status = 'paid'
        UNION ALL
        SELECT di.line_id + p.n, dp.line_id + 1, p.amount, p.date, p.slot, p.currency_id, p.rate,
               NULL, di.move_id, %(payment0)s + p.k
          FROM gen_payment p
          JOIN gen_document di ON di.kind = 'invoice' AND di.k = p.invoice_k
          JOIN gen_document dp ON dp.kind = 'payment' AND dp.k = p.k
         WHERE p.kind = 'part'
        UNION ALL
        SELECT di.line_id + t.n, dr.line_id + 1, t.amount, r.date, r.slot, r.currency_id, r.rate,
               %(full0)s + (SELECT count(*) FROM gen_payment) + r.k, di.move_id, NULL
          FROM gen_refund r
          JOIN gen_item t ON t.invoice_k = r.invoice_k
          JOIN gen_document di ON di.kind = 'invoice' AND di.k = r.invoice_k
          JOIN gen_document dr ON dr.kind = 'refund' AND dr.k = r.k
         WHERE r.settled) r;

-- One row per matched receivable line: its matching number.
CREATE TEMP TABLE gen_match ON COMMIT DROP AS
SELECT line_id, max(full_id) AS full_id,
       coalesce(max(full_id)::text, 'P' || min(id)) AS number
  FROM (SELECT debit_id AS line_id, full_id, id FROM gen_reconcile
        UNION ALL SELECT credit_id, full_id, id FROM gen_reconcile) l
 GROUP BY line_id;
CREATE UNIQUE INDEX ON gen_match (line_id);
ANALYZE gen_reconcile; ANALYZE gen_match;
