INSERT INTO res_partner (id, name, complete_name, parent_id, commercial_partner_id, is_company,
    type, email, email_normalized, phone, lang, tz, city, country_id, user_id, active,
    partner_share, color, customer_rank, supplier_rank, autopost_bills, commercial_company_name,
    message_bounce, property_payment_term_id, create_uid, write_uid, create_date, write_date)
SELECT p.id, p.name, p.name, NULL, p.id, p.is_firm, 'contact', p.email, p.email, p.phone, p.lang,
       p.tz, p.city, p.country_id, p.user_id, true, true, 0, coalesce(n.invoices, 0), 0, 'ask',
       CASE WHEN p.is_firm THEN p.name END, 0,
       (SELECT jsonb_object_agg(c.id, p.term) FROM gen_company c),
       1, 1, now() at time zone 'utc', now() at time zone 'utc'
  FROM gen_partner p
  LEFT JOIN (SELECT commercial_id, count(*) AS invoices FROM gen_invoice GROUP BY 1) n
         ON n.commercial_id = p.id;

-- The invoice contact of some firms.
INSERT INTO res_partner (id, name, complete_name, parent_id, commercial_partner_id, is_company,
    type, email, email_normalized, lang, tz, country_id, user_id, active, partner_share, color,
    customer_rank, supplier_rank, autopost_bills, commercial_company_name, message_bounce,
    property_payment_term_id, create_uid, write_uid, create_date, write_date)
SELECT child_id, 'Pagos de ' || name, name || ', Pagos de ' || name, id, id, false, 'invoice',
       'pagos' || k || '@debtor' || k || '.example.com',
       'pagos' || k || '@debtor' || k || '.example.com', lang, tz, country_id, user_id, true,
       true, 0, 0, 0, 'ask', name, 0,
       (SELECT jsonb_object_agg(c.id, term) FROM gen_company c), 1, 1,
       now() at time zone 'utc', now() at time zone 'utc'
  FROM gen_partner WHERE child_id IS NOT NULL;
