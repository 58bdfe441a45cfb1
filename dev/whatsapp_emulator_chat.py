"""What the chat page asks for, and what it or another process may do to the emulator."""

import base64
import inspect
from pathlib import Path

from .whatsapp_emulator_records import wa_id_of

PAGE = Path(__file__).with_name('whatsapp_chat.html')
HEADERS = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; script-src 'unsafe-inline'; connect-src 'self';"
    " style-src 'unsafe-inline'; img-src 'self' data: http: https:; form-action 'none'",
}
# (methods of the emulator that are called with the JSON as arguments)
CONTROLS = {
    'add_template',
    'approve',
    'change_number',
    'clear',
    'close_window',
    'delay_next',
    'disable',
    'drop_next',
    'fail_next',
    'inbound',
    'open_window',
    'opt_in',
    'opt_out',
    'pause',
    'recategorize',
    'reinstate',
    'reject',
    'set_quality',
    'status',
    'template_event',
    'user',
    'verify_webhook',
    'wait_idle',
}


def html():
    """Return the page."""
    return PAGE.read_bytes()


def people(cloud):
    """Return the phones, the last to talk first."""
    with cloud.lock:
        last = {message.wa_id: message for message in cloud.state.log}
        shown = [
            {
                'phone': user.wa_id,
                'name': user.name,
                'last': _summary(last.get(user.wa_id)),
                'time': last[user.wa_id].time if user.wa_id in last else 0,
                'unread': _unread(cloud, user.wa_id),
            }
            for user in cloud.state.users.values()
        ]
    business = cloud.numbers[cloud.phone_id]
    shown.sort(key=lambda one: -one['time'])
    return {'business': business.verified_name, 'phone': business.display, 'people': shown}


def _summary(message):
    if not message:
        return ''
    media = message.view.get('media')
    return message.text or (f'▤ {media["filename"]}' if media else f'[{message.type}]')


def _unread(cloud, wa_id):
    waiting = ('sent', 'delivered')
    return sum(one.wa_id == wa_id and one.status in waiting for one in cloud.messages)


def conversation(cloud, phone):
    """Return the messages with one phone in both directions and its window."""
    wa_id = wa_id_of(phone)
    with cloud.lock:
        user = cloud.state.users.get(wa_id)
        return {
            'phone': wa_id,
            'name': user.name if user else f'+{wa_id}',
            'now': cloud.now(),
            'window': cloud.window_end(wa_id),
            'messages': [_shown(one) for one in cloud.state.log if one.wa_id == wa_id],
        }


def _shown(message):
    """Return a message as the page draws it."""
    code = next((step[2] for step in message.statuses if step[2]), None)
    return {
        'id': message.wamid,
        'inbound': message.inbound,
        'time': message.time,
        'type': message.type,
        'status': message.status,
        'error': code,
        'context': (message.payload.get('context') or {}).get(
            'id', (message.payload.get('context') or {}).get('message_id')
        ),
        **message.view,
    }


def control(cloud, name, arguments):
    """Call a method with the JSON's entries as arguments and return what it returns."""
    if name == 'seen':
        return {'result': seen(cloud, arguments['phone'])}
    if name == 'messages':
        return {'result': [_told(message) for message in cloud.messages]}
    if name == 'set':
        return {'result': configure(cloud, arguments)}
    if name not in CONTROLS:
        raise LookupError(f'there is no control {name}')
    if arguments.get('media'):
        mime, content, *filename = arguments['media']
        arguments['media'] = [mime, base64.b64decode(content), *filename]
    method = getattr(cloud, name)
    inspect.signature(method).bind(**arguments)
    result = method(**arguments)
    return {'result': result if isinstance(result, str | bool | int | None) else None}


def _told(message):
    """Return an accepted message for a test in another process."""
    return {
        'wamid': message.wamid,
        'wa_id': message.wa_id,
        'time': message.time,
        'payload': message.payload,
        'text': message.text,
        'statuses': message.statuses,
    }


# options that may be changed from outside
OPTIONS = {
    'absent',
    'auto_approve',
    'auto_status',
    'button_context',
    'conversation',
    'duplicate',
    'pair_burst',
    'rate',
    'shuffle',
    'sync_errors',
    'token',
    'user_ids',
    'webhook_delay',
    'webhook_url',
}


def configure(cloud, options):
    """Change options while the emulator runs."""
    unknown = set(options) - OPTIONS
    if unknown:
        raise LookupError(f'there is no option {", ".join(sorted(unknown))}')
    for name, value in options.items():
        is_set = isinstance(getattr(cloud, name), set)
        setattr(cloud, name, set(value) if is_set else value)
    return True


def seen(cloud, phone):
    """Tell that the person has the chat open: what was delivered is read now."""
    wa_id = wa_id_of(phone)
    with cloud.lock:
        read = [
            one.wamid for one in cloud.messages if one.wa_id == wa_id and one.status == 'delivered'
        ]
        for wamid in read:
            cloud.status(wamid, 'read')
    return len(read)
