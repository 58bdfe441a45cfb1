-- a copy writes to nobody: no numbers, no keys, no jobs
UPDATE cobranza_whatsapp_account
   SET state = 'stopped',
       stop_reason = 'neutralized',
       token = NULL,
       app_secret = NULL,
       verify_token = NULL,
       base_url = 'http://localhost:1';

UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'cobranza_whatsapp'
);

-- what has not left stays here
UPDATE cobranza_whatsapp_message
   SET state = 'failed',
       error = 'neutralized'
 WHERE state IN ('queued', 'sending');
