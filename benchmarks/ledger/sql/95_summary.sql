SELECT (SELECT count(*) FROM gen_partner) AS partners,
       (SELECT count(*) FROM gen_partner WHERE child_id IS NOT NULL) AS contacts,
       (SELECT count(*) FROM gen_invoice) AS invoices,
       (SELECT count(*) FROM gen_invoice WHERE slot = 2) AS invoices_second_company,
       (SELECT count(*) FROM gen_invoice WHERE is_foreign) AS invoices_foreign_currency,
       (SELECT count(*) FROM gen_item) AS receivable_lines,
       (SELECT count(*) FROM gen_invoice WHERE status = 'open') AS open_invoices,
       (SELECT count(*) FROM gen_item WHERE status IN ('open', 'partial')) AS open_items,
       (SELECT count(*) FROM gen_item WHERE status IN ('open', 'partial')
           AND due < %(today)s) AS overdue_items,
       (SELECT count(*) FROM gen_item WHERE status = 'partial') AS partly_paid,
       (SELECT count(*) FROM gen_refund) AS credit_notes,
       (SELECT count(*) FROM gen_payment) AS payments,
       (SELECT count(*) FROM gen_reconcile) AS reconciles,
       (SELECT count(DISTINCT (slot, commercial_id)) FROM gen_invoice
         WHERE status = 'open') AS debtors_open;
