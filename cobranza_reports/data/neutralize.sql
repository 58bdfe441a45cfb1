-- a copy writes to nobody: no weekly report, no statements
UPDATE res_company
   SET cobranza_weekly_active = false;

UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'cobranza_reports'
);

UPDATE cobranza_statement_mail
   SET state = 'cancelled',
       next_attempt_at = NULL
 WHERE state = 'queued';

-- and what was handed to the mail queue already stays there
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state IN ('outgoing', 'exception')
   AND mail_message_id IN (
       SELECT id
         FROM mail_message
        WHERE model = 'cobranza.weekly.mail'
        UNION
       SELECT mail_message_id
         FROM cobranza_statement_mail
);
