INSERT INTO account_move (id, sequence_prefix, sequence_number, name, ref, journal_id, company_id,
    origin_payment_id, move_type, state, payment_state, auto_post, partner_id,
    commercial_partner_id, partner_shipping_id, invoice_partner_display_name, invoice_user_id,
    invoice_payment_term_id, currency_id, invoice_currency_rate, date, invoice_date,
    invoice_date_due, payment_reference, amount_untaxed, amount_tax, amount_total,
    amount_residual, amount_untaxed_signed, amount_untaxed_in_currency_signed,
    amount_tax_signed, amount_total_signed, amount_total_in_currency_signed,
    amount_residual_signed, always_tax_exigible, checked, posted_before, made_sequence_gap,
    is_manually_modified, is_move_sent, create_uid, write_uid, create_date, write_date)
SELECT d.move_id, d.prefix, d.seq, d.name, m.ref, d.journal_id, c.id, m.payment_id, m.move_type,
       'posted', m.payment_state, 'no', m.partner_id, m.commercial_id, m.shipping_id,
       p.complete_name, m.user_id, m.term, m.currency_id, m.rate, d.date, m.invoice_date,
       m.due, m.reference, m.untaxed, 0, m.total, m.residual,
       m.sign * round(m.untaxed / m.divisor, 2), m.sign * m.untaxed, 0,
       m.sign * round(m.total / m.divisor, 2), m.sign * m.total,
       m.sign * round(m.residual / m.divisor, 2),
       m.move_type = 'entry', true, true, false, false, m.move_type = 'out_invoice',
       1, 1, d.date, d.date
  FROM (SELECT 'invoice' AS kind, i.k, 'out_invoice' AS move_type, i.slot, NULL AS ref,
               NULL::int AS payment_id, i.partner_id, i.commercial_id, i.commercial_id AS shipping_id,
               i.user_id, i.term, i.currency_id, i.rate, i.rate AS divisor, i.invoice_date, i.due,
               n.name AS reference, 1 AS sign, i.amount AS untaxed, i.amount AS total,
               i.amount - t.paid AS residual,
               CASE WHEN i.status <> 'open' THEN i.status WHEN t.paid > 0 THEN 'partial'
                    ELSE 'not_paid' END AS payment_state
          FROM gen_invoice i
          JOIN (SELECT invoice_k, sum(paid) AS paid FROM gen_item GROUP BY invoice_k) t
            ON t.invoice_k = i.k
          JOIN gen_document n ON n.kind = 'invoice' AND n.k = i.k
        UNION ALL
        SELECT 'refund', k, 'out_refund', slot, NULL, NULL, partner_id, commercial_id, commercial_id,
               user_id, NULL, currency_id, rate, rate, date, date, NULL, -1, amount, amount,
               CASE WHEN settled THEN 0 ELSE amount END,
               CASE WHEN settled THEN 'paid' ELSE 'not_paid' END
          FROM gen_refund
        UNION ALL
        SELECT 'payment', p.k, 'entry', p.slot, o.memo, %(payment0)s + p.k, p.commercial_id,
               p.commercial_id, NULL, NULL, NULL, p.currency_id, 0, p.rate, NULL, p.date, NULL, 1,
               0, p.amount, 0, 'not_paid'
          FROM gen_payment p JOIN gen_memo o ON o.k = p.k) m
  JOIN gen_document d ON d.kind = m.kind AND d.k = m.k
  JOIN gen_company c ON c.slot = m.slot
  JOIN res_partner p ON p.id = m.partner_id
 ORDER BY d.move_id;
