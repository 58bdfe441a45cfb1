"""How the Graph API refuses: its codes, their titles, HTTP statuses and JSON.

A client is meant to decide by ``code`` and ``error_data.details``; titles and HTTP statuses
are here so that a client which reads them by mistake is found out.
"""

import uuid

HELP = '/documentation/business-messaging/whatsapp/support/error-codes'

# code: (title, HTTP status)
CODES = {
    0: ('AuthException', 401),
    1: ('An unknown error occurred', 400),
    2: ('Service temporarily unavailable', 503),
    3: ('API Method', 500),
    4: ('Application request limit reached', 400),
    10: ('Permission Denied', 403),
    100: ('Invalid parameter', 400),
    190: ('Invalid OAuth access token - Cannot parse access token', 401),
    200: ('API Permission', 403),
    368: ('Temporarily blocked for policies violations', 403),
    80007: ('Rate limit issues', 400),
    130429: ('Rate limit hit', 400),
    130472: ("User's number is part of an experiment", 400),
    130497: ('Business account is restricted from messaging users in this country.', 403),
    131000: ('Something went wrong', 500),
    131005: ('Access denied', 403),
    131008: ('Required parameter is missing', 400),
    131009: ('Parameter value is not valid', 400),
    131016: ('Service unavailable', 500),
    131021: ('Recipient cannot be sender', 400),
    131026: ('Message undeliverable', 400),
    131030: ('Recipient phone number not in allowed list', 400),
    131031: ('Business Account locked', 403),
    131037: (
        'WhatsApp provided number needs display name approval before message can be sent',
        400,
    ),
    131042: ('Business eligibility payment issue', 400),
    131044: ('Business eligibility payment issue', 400),
    131045: ('Incorrect certificate', 500),
    131047: ('Re-engagement message', 400),
    131048: ('Spam rate limit hit', 400),
    131049: ('This message was not delivered to maintain healthy ecosystem engagement.', 400),
    131050: ("User's stopped marketing messages", 400),
    131051: ('Unsupported message type', 400),
    131052: ('Media download error', 400),
    131053: ('Media upload error', 400),
    131056: ('(Business Account, Consumer Account) pair rate limit hit', 400),
    131057: ('Business Account is in maintenance mode', 500),
    131062: ('Business-scoped user ID recipients are not supported for this message', 400),
    131064: ('Messaging limit reached for template classification violations', 400),
    132000: ('Number of parameters does not match the expected number of params', 400),
    132001: ('Template name does not exist in the translation', 404),
    132005: ('Translated text too long', 400),
    132007: ('Template format character policy violated', 400),
    132008: ('Template parameter value invalid', 400),
    132012: ('Parameter format does not match format in the created template', 400),
    132015: ('Template is paused', 400),
    132016: ('Template is disabled', 400),
    132018: ("There's an issue with the parameters in your template", 400),
    133004: ('Server Temporarily Unavailable', 503),
    133010: ('Phone number not registered', 400),
    137000: ('Recipient identity key hash mismatch', 400),
}

DETAILS = {
    130429: 'Message failed to send because there were too many messages sent from this phone '
    'number in a short period of time.',
    130472: "Failed to send message because this user's phone number is part of an experiment",
    131026: 'Message Undeliverable.',
    131047: 'Message failed to send because more than 24 hours have passed since the customer '
    'last replied to this number.',
    131049: 'In order to maintain a healthy ecosystem engagement, the message failed to be '
    'delivered.',
    131050: 'User has chosen to stop receiving marketing messages from your business.',
    131056: 'Message failed to send because there were too many messages sent from this phone '
    'number to the same phone number in a short period of time.',
}
# these come without a messaging product: another layer answers
GRAPH_ONLY = {1, 2, 4, 190}


class Refusal(Exception):
    """A request that the API refuses.

    :param details: ``error_data.details``
    :param message: instead of the title; ``(#code)`` comes before it
    :param user_texts: title and sentence for people, which only templates have
    """

    def __init__(self, code, details='', *, status=None, message='', subcode=0, user_texts=()):
        title, usual = CODES.get(code, ('Unknown error', 400))
        super().__init__(f'(#{code}) {message or title}: {details}')
        self.code = code
        self.status = status or usual
        self.title = message or title
        self.details = details or DETAILS.get(code, '')
        self.subcode = subcode
        self.user_texts = user_texts

    def body(self):
        """Return the answer's JSON."""
        prefix = '' if self.code in GRAPH_ONLY or self.subcode else f'(#{self.code}) '
        kind = 'GraphMethodException' if self.subcode == 33 else 'OAuthException'
        error = {'message': prefix + self.title, 'type': kind, 'code': self.code}
        if self.subcode:
            error['error_subcode'] = self.subcode
        if self.user_texts:
            error['is_transient'] = False
            error['error_user_title'], error['error_user_msg'] = self.user_texts
        if self.details:
            error['error_data'] = {'messaging_product': 'whatsapp', 'details': self.details}
        return {'error': error | {'fbtrace_id': trace()}}


def status_error(code, details=''):
    """Return the entry of ``errors`` that a webhook carries."""
    title = CODES.get(code, ('Unknown error', 400))[0]
    return {
        'code': code,
        'title': title,
        'message': title,
        'error_data': {'details': details or DETAILS.get(code, title)},
        'href': HELP,
    }


def missing(parameter):
    """Return the refusal of a request that lacks *parameter*."""
    return Refusal(100, message=f'The parameter {parameter} is required.')


def unknown_node(identifier, method):
    """Return the refusal of a path that names nothing we know."""
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{identifier}' does not exist, "
        'cannot be loaded due to missing permissions, or does not support this operation'
    )
    return Refusal(100, subcode=33, message=message)


def trace():
    """Return an identifier like those that support asks for."""
    return 'A' + uuid.uuid4().hex[:22]
