-- Invoices: who buys what, when it falls due, and when this payer would pay it.
CREATE TEMP TABLE gen_invoice ON COMMIT DROP AS
SELECT a.k, a.commercial_id, a.partner_id, a.user_id, a.term, a.slot, a.is_foreign, a.on_friday,
       m.currency_id, m.rate, a.due, a.due - t.span AS invoice_date, a.delay,
       a.risk * (0.4 + exp((a.due - %(today)s) / 240.0)) AS risk,
       CASE WHEN a.is_foreign THEN 20 * greatest(1, round(a.amount / 20))
            ELSE greatest(5, round(a.amount, 2)) END AS amount,
       NULL::date AS last_pay, 'open' AS status, 1 AS first_open
  FROM (SELECT i.k, p.id AS commercial_id, p.user_id, p.term, p.on_friday,
               CASE WHEN pg_temp.chance('contact', i.k) < .5
                    THEN coalesce(p.child_id, p.id) ELSE p.id END AS partner_id,
               CASE WHEN p.slot > 0 THEN p.slot
                    ELSE 1 + (pg_temp.chance('seller', i.k) < .5)::int END AS slot,
               pg_temp.chance('currency', i.k) < p.foreign_share AS is_foreign,
               exp((CASE WHEN p.is_firm THEN 6.4 ELSE 5.4 END)
                   + pg_temp.normal('amount', i.k))::numeric AS amount,
               %(today)s + term.span
                 - floor(power(pg_temp.chance('age', i.k), 1.25) * (%(days)s + term.span))::int
                 AS due,
               (ARRAY[-3, 9, 35, 80])[p.behaviour]
                 + (ARRAY[5, 8, 15, 40])[p.behaviour] * pg_temp.normal('delay', i.k) AS delay,
               pg_temp.chance('risk', i.k) * (ARRAY[.6, 1, 2.2, 6])[p.behaviour] AS risk
          FROM (SELECT k, pg_temp.buyer('invoice', k, %(partners)s) AS buyer
                  FROM generate_series(1, %(invoices)s) k) i
          JOIN gen_partner p ON p.k = i.buyer
          JOIN gen_term term ON term.id = p.term) a
  JOIN gen_term t ON t.id = a.term
  JOIN gen_money m ON m.slot = a.slot AND m.is_foreign = a.is_foreign;
CREATE UNIQUE INDEX ON gen_invoice (k);
ANALYZE gen_invoice;

-- Open items: one per instalment; the last takes what the percentages leave.
CREATE TEMP TABLE gen_item ON COMMIT DROP AS
SELECT i.k AS invoice_k, l.n, i.invoice_date + l.days AS due,
       CASE WHEN l.rest IS NULL THEN round(i.amount * l.percent / 100, 2)
            ELSE i.amount - (SELECT coalesce(sum(round(i.amount * p / 100, 2)), 0)
                               FROM unnest(l.rest) p) END AS amount,
       CASE WHEN i.on_friday THEN pg_temp.next_friday(x.pay_on) ELSE x.pay_on END AS pay_date,
       'open' AS status, 0::numeric AS paid
  FROM gen_invoice i
  JOIN gen_term_line l ON l.term = i.term
 CROSS JOIN LATERAL (SELECT greatest(i.invoice_date, i.invoice_date + l.days
                                     + round(i.delay)::int) AS pay_on) x;
CREATE UNIQUE INDEX ON gen_item (invoice_k, n);
ANALYZE gen_item;
