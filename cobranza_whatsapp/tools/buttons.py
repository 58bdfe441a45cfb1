"""A text with what may be answered to it, as WhatsApp shows it: up to three buttons, else a list."""

#: What WhatsApp allows: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
MOST_BUTTONS, BUTTON_TITLE, MOST_ROWS, ROW_TITLE, MAX_ID = 3, 20, 10, 24, 200
#: A text under buttons is shorter than one alone.
MAX_BODY = 1024


def reply_payload(text, options, choose):
    """Return the body of a request that says `text` and offers `options`.

    :param options: (id, title) of each
    :param choose: what opens the list

    >>> reply_payload('Hola', [], 'Elegir')['type']
    'text'
    >>> reply_payload('¿Sí?', [('yes', 'Sí')], 'Elegir')['interactive']['action']['buttons'][0]['reply']
    {'id': 'yes', 'title': 'Sí'}
    >>> many = reply_payload('x', [(str(n), str(n)) for n in range(12)], 'y')
    >>> len(many['interactive']['action']['sections'][0]['rows'])
    10
    """
    if not options or len(text) > MAX_BODY:
        return {'type': 'text', 'text': {'preview_url': False, 'body': text}}
    few = len(options) <= MOST_BUTTONS
    action = _buttons(options) if few else _list(options, choose)
    kind = 'button' if few else 'list'
    return {
        'type': 'interactive',
        'interactive': {'type': kind, 'body': {'text': text}, 'action': action},
    }


def _buttons(options):
    return {
        'buttons': [
            {
                'type': 'reply',
                'reply': {'id': choice[:MAX_ID], 'title': shorten(title, BUTTON_TITLE)},
            }
            for choice, title in options
        ]
    }


def _list(options, choose):
    rows = [
        {'id': choice[:MAX_ID], 'title': shorten(title, ROW_TITLE)}
        for choice, title in options[:MOST_ROWS]
    ]
    return {'button': shorten(choose, BUTTON_TITLE), 'sections': [{'rows': rows}]}


def shorten(text, room):
    """Return a text that fits.

    >>> shorten('FAC/2026/000000000123', 12), shorten('short', 12)
    ('FAC/2026/00…', 'short')
    """
    return text if len(text) <= room else f'{text[: room - 1]}…'
