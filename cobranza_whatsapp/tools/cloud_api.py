"""A small client of the WhatsApp Cloud API; it knows HTTP and nothing of Odoo."""

from urllib.parse import urlsplit

import requests

#: Seconds to wait for an answer. Beyond it nobody knows whether a message has left.
TIMEOUT = 30
#: Codes of the API for an answer without one.
TOO_MANY, BAD_REQUEST = 130429, 100
MAX_MEDIA_BYTES = 16 * 1024 * 1024
PAGE = 100


class ApiError(Exception):
    """The API refused a request.

    :ivar code: what decisions are made by
    :ivar message: its words and details, fit for a person who administers the number
    """

    def __init__(self, code, message, http_status):
        super().__init__(message)
        self.code, self.message, self.http_status = code, message, http_status


class NotConnected(Exception):
    """The request did not reach the API: it may be tried again."""


class NoAnswer(Exception):
    """The request may have reached the API, its answer did not come: sending again could send twice."""


class CloudApi:
    """One number of one business.

    :param base_url: such as `https://graph.facebook.com`
    :param version: such as `v23.0`
    """

    def __init__(self, base_url, version, token, phone_id, business_id=''):
        self._base = f'{base_url.rstrip("/")}/'
        self._root = f'{base_url.rstrip("/")}/{version}'
        self._phone_id, self._business_id = phone_id, business_id
        self._session = requests.Session()
        self._session.mount('https://', requests.adapters.HTTPAdapter(pool_maxsize=32))
        self._session.mount('http://', requests.adapters.HTTPAdapter(pool_maxsize=32))
        self._session.headers['Authorization'] = f'Bearer {token}'

    def send(self, payload):
        """Send a message; return (id of the message, the receiver's id or '')."""
        body = {'messaging_product': 'whatsapp', 'recipient_type': 'individual', **payload}
        answer = self._call('POST', f'{self._phone_id}/messages', json=body)
        try:
            message = answer['messages'][0]['id']
        except (KeyError, IndexError, TypeError):
            raise NoAnswer('an answer without the id of the message') from None
        contacts = answer.get('contacts') or [{}]
        return message, contacts[0].get('wa_id') or ''

    def upload(self, name, content, mime_type):
        """Upload a file; return its media id."""
        return self._call(
            'POST',
            f'{self._phone_id}/media',
            data={'messaging_product': 'whatsapp', 'type': mime_type},
            files={'file': (name, content, mime_type)},
        )['id']

    def download(self, media_id):
        """Return (bytes, MIME type) of a file a customer sent.

        ValueError when it is too large, or where the token must not travel.
        """
        facts = self._call('GET', media_id)
        url = str(facts.get('url') or '')
        if int(facts.get('file_size') or 0) > MAX_MEDIA_BYTES:
            raise ValueError('too large')
        if urlsplit(url).scheme != 'https' and not url.startswith(self._base):
            raise ValueError('an address that is not safe')
        answer = self._request('GET', url, stream=True)
        if answer.status_code != 200:
            raise _error_of(answer)
        content = answer.raw.read(MAX_MEDIA_BYTES + 1, decode_content=True)
        if len(content) > MAX_MEDIA_BYTES:
            raise ValueError('too large')
        return content, facts.get('mime_type') or ''

    def templates(self):
        """Yield every template of the business, as the API describes them."""
        after = {}
        while True:
            page = self._call(
                'GET', f'{self._business_id}/message_templates', params={'limit': PAGE, **after}
            )
            yield from page.get('data') or ()
            paging = page.get('paging') or {}
            if not paging.get('next'):
                return
            after = {'after': paging['cursors']['after']}

    def create_template(self, values):
        """Ask for the approval of a template; return the API's answer (id, status, category)."""
        return self._call('POST', f'{self._business_id}/message_templates', json=values)

    def number(self):
        """Return what the API says of the number: its name, quality and state."""
        names = 'verified_name,display_phone_number,quality_rating,messaging_limit_tier,status'
        return self._call('GET', self._phone_id, params={'fields': names})

    def _call(self, method, path, **options):
        answer = self._request(method, f'{self._root}/{path}', **options)
        if answer.status_code >= 400:
            raise _error_of(answer)
        try:
            return answer.json()
        except ValueError:
            raise NoAnswer('an answer that is no JSON') from None

    def _request(self, method, url, **options):
        """Return the answer. The words of a failure never hold the address: the token may travel in it."""
        try:
            return self._session.request(
                method, url, timeout=TIMEOUT, allow_redirects=False, **options
            )
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as error:
            raise NotConnected(type(error).__name__) from None
        except requests.ConnectionError as error:
            host = urlsplit(url).hostname or ''
            if _was_refused(error):
                raise NotConnected(host) from None
            raise NoAnswer(host) from None
        except requests.RequestException as error:
            raise NoAnswer(type(error).__name__) from None


def _was_refused(error):
    """Tell whether no connection came about: only then is it sure that nothing was sent."""
    reason = getattr(error.args[0] if error.args else None, 'reason', None)
    return type(reason).__name__ in ('NewConnectionError', 'NameResolutionError')


def _error_of(answer):
    try:
        error = answer.json()['error']
        details = (error.get('error_data') or {}).get('details') or ''
        told = error.get('error_user_msg') or details
        words = ': '.join(filter(None, (error.get('message') or '', told)))
        return ApiError(int(error.get('code') or 0), words, answer.status_code)
    except (ValueError, KeyError, TypeError, AttributeError):
        words = f'HTTP {answer.status_code}'
        if answer.status_code >= 500:
            return NoAnswer(words)  # of something in between: the API itself says why
        code = TOO_MANY if answer.status_code == 429 else BAD_REQUEST
        return ApiError(code, words, answer.status_code)
