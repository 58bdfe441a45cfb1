"""What the emulator remembers, and how it survives a restart when it has a folder."""

import base64
import hashlib
import json
import re
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path

COUNTRIES = {
    '1': 'US',
    '34': 'ES',
    '51': 'PE',
    '52': 'MX',
    '54': 'AR',
    '55': 'BR',
    '56': 'CL',
    '57': 'CO',
    '58': 'VE',
    '502': 'GT',
    '503': 'SV',
    '504': 'HN',
    '505': 'NI',
    '506': 'CR',
    '507': 'PA',
    '591': 'BO',
    '593': 'EC',
    '595': 'PY',
    '598': 'UY',
}


def digits(phone):
    """Return the digits of a phone number as a person writes it."""
    return re.sub(r'\D', '', str(phone))


def wa_id_of(phone):
    """Return the identifier WhatsApp knows a phone by: Mexican ones keep their old 1."""
    number = digits(phone)
    return f'521{number[2:]}' if re.fullmatch(r'52\d{10}', number) else number


def country_of(wa_id):
    """Return the two letters of a phone's country."""
    found = [code for code in COUNTRIES if wa_id.startswith(code)]
    return COUNTRIES[max(found, key=len)] if found else 'US'


def user_id_of(wa_id):
    """Return a business-scoped user id, always the same for the same phone."""
    number = int(hashlib.sha256(wa_id.encode()).hexdigest()[:15], 16)
    return f'{country_of(wa_id)}.{number}'


def new_wamid(wa_id):
    """Return an identifier for a message; like the real ones it tells nothing."""
    return 'wamid.' + base64.b64encode(f'{wa_id}/{uuid.uuid4().hex[:20]}'.encode()).decode()


@dataclass
class Number:
    """A phone number of the business."""

    phone_id: str
    display: str
    verified_name: str
    quality: str = 'GREEN'


@dataclass
class User:
    """A person with WhatsApp."""

    wa_id: str
    name: str = ''
    user_id: str = ''
    hide_phone: bool = False
    username: str = ''

    def __post_init__(self):
        self.name = self.name or f'+{self.wa_id}'
        self.user_id = self.user_id or user_id_of(self.wa_id)


@dataclass
class Media:
    """A file that was uploaded or received."""

    id: str
    mime: str
    filename: str
    content: bytes = b''

    @property
    def sha256(self):
        """The hash as the API gives it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Message:
    """A message in either direction.

    :param payload: the request's JSON, or for inbound ones the webhook's ``messages`` entry
    :param serial: its place among all messages, from 0
    :param view: what the chat page shows of it
    :param statuses: ``[status, time, error code or None]``, oldest first
    """

    wamid: str
    phone_id: str
    wa_id: str
    time: float
    payload: dict
    inbound: bool = False
    to: str = ''
    serial: int = 0
    view: dict = field(default_factory=dict)
    statuses: list = field(default_factory=list)

    @property
    def type(self):
        """The message's type: text, template…"""
        return self.payload['type']

    @property
    def status(self):
        """The last status, ``accepted`` before the first."""
        return self.statuses[-1][0] if self.statuses else 'accepted'

    @property
    def text(self):
        """What the person reads."""
        return self.view.get('text', '')


@dataclass
class State:
    """Everything that a restart should not forget."""

    users: dict = field(default_factory=dict)
    log: list = field(default_factory=list)
    media: dict = field(default_factory=dict)
    templates: list = field(default_factory=list)
    windows: dict = field(default_factory=dict)
    opted_out: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)

    def save(self, folder):
        """Write everything below *folder*."""
        files = folder / 'media'
        files.mkdir(parents=True, exist_ok=True)
        known = asdict(self)
        for identifier, media in known['media'].items():
            content = media.pop('content')
            if not (files / identifier).exists():
                (files / identifier).write_bytes(content)
        draft = folder / 'state.part'
        draft.write_text(json.dumps(known), encoding='utf-8')
        draft.replace(folder / 'state.json')

    @classmethod
    def load(cls, folder, template):
        """Read what :meth:`save` wrote, or return an empty state.

        :param template: the class of the templates
        """
        path = Path(folder) / 'state.json'
        if not path.exists():
            return cls()
        known = json.loads(path.read_text(encoding='utf-8'))
        state = cls(**known)
        state.users = {key: User(**user) for key, user in known['users'].items()}
        state.log = [Message(**message) for message in known['log']]
        state.templates = [template(**one) for one in known['templates']]
        state.media = {
            key: Media(**media, content=(path.parent / 'media' / key).read_bytes())
            for key, media in known['media'].items()
        }
        return state
