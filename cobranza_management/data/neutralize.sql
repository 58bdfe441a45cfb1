-- a copy collects from nobody: no daily cycle, no messages
UPDATE res_company
   SET cobranza_active = false;

UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'cobranza_management'
);

-- messages that have not left stay here, and say why
UPDATE cobranza_reminder
   SET state = 'cancelled',
       reason_code = 'neutralized',
       reason_detail = NULL,
       law = NULL
 WHERE state IN ('review', 'queued', 'held', 'refused', 'sending');

-- and so do those already handed to the mail queue
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state IN ('outgoing', 'exception')
   AND mail_message_id IN (
       SELECT mail_message_id
         FROM cobranza_reminder
        WHERE mail_message_id IS NOT NULL
);

-- answers, invoices and offers written by hand wait in the same queue
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state IN ('outgoing', 'exception')
   AND mail_message_id IN (
       SELECT id
         FROM mail_message
        WHERE model LIKE 'cobranza.%'
);

-- a text handed to the SMS queue does not leave from a copy either
UPDATE sms_sms
   SET state = 'canceled'
 WHERE state = 'outgoing'
   AND mail_message_id IN (
       SELECT mail_message_id
         FROM cobranza_reminder
        WHERE mail_message_id IS NOT NULL
);
