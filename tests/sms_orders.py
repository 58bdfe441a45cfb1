"""Orders about SMS by Twilio for the processes of the fault tests; see fault_worker.py."""

import json
from unittest.mock import patch

import requests

ORDERS = {}


def order(function):
    """Let the tests call `function` by its name."""
    ORDERS[function.__name__] = function
    return function


@order
def install(env, module):
    """Install an add-on of Odoo's; it is there in processes that start afterwards."""
    found = env['ir.module.module'].search([('name', '=', module)])
    found.button_immediate_install()


@order
def use_twilio(env):
    """Let a company's texts leave by Twilio."""
    company = env['res.company'].search([('cobranza_active', '=', True)], limit=1)
    company.write(
        {
            'sms_provider': 'twilio',
            'sms_twilio_account_sid': f'AC{"0" * 32}',
            'sms_twilio_auth_token': 'token',
            'sms_twilio_number_ids': [
                (0, 0, {'number': '+12025550100', 'country_id': env.ref('base.us').id})
            ],
        }
    )


@order
def carry_texts(env, answers):
    """Hand the queue of texts to Twilio.

    :param answers: (HTTP status, body) for each text in turn
    :return: what it was asked: [{To, From, Body, StatusCallback}]
    """
    asked, answers = [], iter(answers)

    def post(_session, _url, data, **_options):
        asked.append(data)
        response = requests.Response()
        response.status_code, body = next(answers)
        response._content = json.dumps(body).encode()
        return response

    with patch.object(requests.Session, 'post', post):
        env['sms.sms'].search([('state', '=', 'outgoing')], order='id').send()
    return asked


@order
def twilio_reports(env, text, status, code=None):
    """Report what Twilio's callback says, as Odoo's controller does once it has checked who calls.

    :param text: the id of ours at the end of the callback's address
    """
    from odoo.addons.sms_twilio.controllers.controllers import (
        TWILIO_TO_SMS_STATE,
        TWILIO_TO_SMS_STATE_ERRORS,
    )

    tracker = env['sms.tracker'].search([('sms_uuid', '=', text)])
    if status in TWILIO_TO_SMS_STATE_ERRORS:
        tracker._action_update_from_twilio_error(status, code, 'said by Twilio')
    else:
        tracker._action_update_from_sms_state(TWILIO_TO_SMS_STATE[status])


@order
def texts_left(env):
    """Return how many texts somebody could still send: in the queue, or failed and not withdrawn."""
    waiting = [('state', 'in', ('outgoing', 'error')), ('to_delete', '=', False)]
    return env['sms.sms'].search_count(waiting)
