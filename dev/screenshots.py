"""``make shots``: pictures of the real screens, taken from the running demo with a headless browser.

make shots                                  every picture, into docs/pictures/
make shots ARGS="board case"                only these
make shots ARGS="--login collector1 board"  as somebody else sees it
make shots ARGS="--open collection-cases --file /tmp/x.png --width 390"    any screen
"""

import argparse
import base64
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import websocket

from .console import Problem, say
from .daemons import Daemon
from .demo_seed_chats import ASKER, MOBILES
from .paths import ROOT
from .ports import LOOPBACK
from .system_tools import BROWSERS

FOLDER = ROOT / 'docs' / 'pictures'
# the description pages of the add-ons show these too
SHOP_WINDOWS = {
    'board': 'cobranza_management',
    'case': 'cobranza_management',
    'workbench': 'cobranza_management',
    'whatsapp-chat': 'cobranza_whatsapp',
    'whatsapp-customer': 'cobranza_whatsapp',
}
PATIENCE = 30  # seconds for a page or a step
# nothing moves, nothing is loading, no animation is half-way
IDLE = """
    document.readyState === 'complete' && !document.querySelector('.o_loading_indicator, .o_view_sample_data.o_loading')
    && document.fonts.status === 'loaded' && [...document.images].every(image => image.complete)
"""
# on the page: dialogs of errors that no picture may show
FAULT = "document.querySelector('.o_error_dialog, .o_notification_bar.bg-danger')?.innerText || ''"


class Picture(NamedTuple):
    """A screen worth showing."""

    name: str
    path: str  # after /odoo/
    ready: str  # CSS selector that says it is there
    steps: tuple = ()  # (selector to click, selector that shows up then)
    width: int = 1366
    height: int = 800
    login: str = 'supervisor'
    service: str = ''  # the daemon whose page it is, when that is not Odoo

    def address(self, odoo):
        """Return where it is, given the address of Odoo."""
        if not self.service:
            return f'{odoo}/odoo/{self.path}'
        return f'http://{LOOPBACK}:{Daemon(self.service).facts["port"]}/{self.path}'


CARD = '.o_kanban_record:not(.o_kanban_ghost)'
ROW = '.o_data_row'
FORM = '.o_form_view .o_form_sheet'
WORKBENCH = '.o_cobranza_wb_header'
# a debt of several ages makes the better picture
OPEN_CASE = (f'{CARD}:has(.o_cobranza_level_1):has(.o_cobranza_level_3)', FORM)
OPEN_ROW = (f'{ROW} .o_data_cell:nth-child(3)', FORM)
PICTURES = [
    Picture('board', 'collection-cases', CARD),
    Picture('board-phone', 'collection-cases', CARD, width=390, height=844),
    Picture('case', 'collection-cases', CARD, (OPEN_CASE,), height=1250),
    Picture('case-phone', 'collection-cases', CARD, ((CARD, FORM),), width=390, height=1500),
    Picture('workbench', 'collection-workbench', WORKBENCH, height=900, login='collector1'),
    Picture('dashboard', 'collection-dashboard', '.o_cobranza_tiles', height=1150),
    Picture('dashboard-phone', 'collection-dashboard', '.o_cobranza_tiles', width=390, height=844),
    Picture('operations', 'collection-operations', '.o_cobranza_tiles', height=1150),
    Picture('team-dashboard', 'collection-team-dashboard', '.o_cobranza_tiles', height=1000),
    Picture('strategy-results', 'collection-strategy', '.o_cobranza_tiles', height=1250),
    Picture(
        'workbench-phone',
        'collection-workbench',
        WORKBENCH,
        (('[data-pane=bar]', '.o_cobranza_wb_pane_bar'),),
        width=390,
        height=844,
        login='collector1',
    ),
    Picture('team-board', 'collection-team', CARD),
    Picture('cases-list', 'collection-cases?view_type=list', ROW),
    Picture('messages-to-approve', 'collection-messages-to-approve', ROW),
    Picture('message', 'collection-messages-to-approve', ROW, (OPEN_ROW,), height=1000),
    Picture('strategy', 'collection-strategies', ROW, (OPEN_ROW,), login='admin'),
    Picture('daily-cycle', 'collection-cycles', ROW, (OPEN_ROW,), height=1000),
    Picture(
        'open-items',
        'action-cobranza_management.account_move_line_action_open_items_server',
        '.o_group_header',
    ),
    Picture(
        'whatsapp-chat',
        'action-cobranza_whatsapp.cobranza_whatsapp_conversation_action',
        ROW,
        ((f'{ROW} button', '.o-mail-Composer'),),
        height=650,
        login='collector1',
    ),
    Picture(
        'whatsapp-template',
        'action-cobranza_whatsapp.cobranza_whatsapp_template_action',
        ROW,
        (OPEN_ROW,),
        height=650,
        login='admin',
    ),
    Picture(
        'whatsapp-customer',
        '#' + ''.join(filter(str.isdigit, MOBILES[ASKER])),
        '.bubble',
        width=390,
        height=700,
        service='whatsapp',
    ),
    Picture(
        'setup',
        'action-cobranza_management.cobranza_setup_action',
        '.o_cobranza_setup',
        login='admin',
        height=1400,
    ),
]


class Browser:
    """A headless browser driven through its own protocol."""

    def __init__(self, url, database):
        self.url, self.database = url, database
        self.profile = tempfile.mkdtemp(prefix='cobranza-shots-')
        self.errors = []
        self._numbers = itertools.count(1)
        self.process = self._start()
        self.socket = self._connect()
        for domain in ('Page', 'Runtime', 'Network'):
            self.send(f'{domain}.enable')

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.socket.close()
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _start(self):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not program:
            raise Problem('Pictures need a browser: apt-get install chromium')
        switches = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars']
        switches += ['--disable-dev-shm-usage', '--remote-debugging-port=0', '--lang=es']
        command = [program, *switches, f'--user-data-dir={self.profile}', 'about:blank']
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _connect(self):
        note = Path(self.profile, 'DevToolsActivePort')
        until(lambda: note.exists() and note.read_text(encoding='utf-8'), 'The browser')
        port = note.read_text(encoding='utf-8').splitlines()[0]
        with urllib.request.urlopen(f'http://{LOOPBACK}:{port}/json/list') as answer:
            page = next(tab for tab in json.load(answer) if tab['type'] == 'page')
        return websocket.create_connection(
            page['webSocketDebuggerUrl'], suppress_origin=True, timeout=PATIENCE
        )

    def send(self, method, **parameters):
        """Send a command and return its result; errors the page reports meanwhile are kept."""
        number = next(self._numbers)
        self.socket.send(json.dumps({'id': number, 'method': method, 'params': parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get('id') == number:
                if 'error' in message:
                    raise Problem(f'{method}: {message["error"]["message"]}')
                return message['result']
            self._note(message)

    def _note(self, message):
        if message.get('method') == 'Runtime.exceptionThrown':
            details = message['params']['exceptionDetails']
            self.errors.append(
                details.get('exception', details).get('description', details['text'])
            )

    def value(self, expression):
        """Return the value of a JavaScript expression."""
        answer = self.send('Runtime.evaluate', expression=expression, returnByValue=True)
        return answer['result'].get('value')

    def log_in(self, login, password):
        """Open a session and hand it to the browser."""
        body = {'params': {'db': self.database, 'login': login, 'password': password}}
        request = urllib.request.Request(
            f'{self.url}/web/session/authenticate',
            json.dumps(body).encode(),
            {'Content-Type': 'application/json'},
        )
        with urllib.request.urlopen(request) as answer:
            result = json.load(answer)
            cookie = answer.headers.get('Set-Cookie', '')
        if 'error' in result:
            raise Problem(f'{login} cannot log in: {result["error"]["data"]["message"]}')
        session = cookie.split('session_id=')[1].split(';')[0]
        self.send('Network.setCookie', name='session_id', value=session, url=self.url)

    def shoot(self, picture, file):
        """Go to the screen, take the steps, wait until it is quiet, and save the picture."""
        phone = picture.width < 600
        self.send(
            'Emulation.setDeviceMetricsOverride',
            width=picture.width,
            height=picture.height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self.send('Emulation.setTouchEmulationEnabled', enabled=phone)
        self.errors.clear()
        self.send('Page.navigate', url=picture.address(self.url))
        self.wait_for(picture.ready)
        for click, shows in picture.steps:
            self.wait_for(click)
            self.value(f'document.querySelector({json.dumps(click)}).click()')
            if shows:
                self.wait_for(shows)
        self.settle()
        fault = self.value(FAULT) or '\n'.join(self.errors)
        shot = self.send('Page.captureScreenshot', format='png')
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(shot['data']))
        if fault:
            raise Problem(f'{picture.name}: {fault}')

    def wait_for(self, selector):
        """Wait until an element is there."""
        found = f'!!document.querySelector({json.dumps(selector)})'
        until(lambda: self.value(found), f'{selector} ({self.value(FAULT) or "no error shown"})')

    def settle(self):
        """Wait until nothing changes any more."""
        until(lambda: self.value(IDLE), 'A quiet page')
        time.sleep(1.2)  # charts and counters are animated


def until(ready, what):
    """Wait until *ready* or say *what* never came."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise Problem(f'{what} did not show up in {PATIENCE} s.')
        time.sleep(0.1)


def main(arguments):
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(prog='make shots', description=__doc__)
    parser.add_argument('names', nargs='*', help='pictures to take; all of them by default')
    parser.add_argument('--url', help='address of the server; the demo by default')
    parser.add_argument('--database', default='cobranza_demo')
    parser.add_argument('--login', help='who looks; the password is the login')
    parser.add_argument('--folder', type=Path, default=FOLDER)
    parser.add_argument('--open', help='any address after /odoo/ instead of the list')
    parser.add_argument('--ready', default='.o_action_manager .o_view_controller')
    parser.add_argument('--click', action='append', default=[], help='CSS selector, repeatable')
    parser.add_argument('--file', type=Path, default=Path('shot.png'))
    parser.add_argument('--width', type=int, default=1366)
    parser.add_argument('--height', type=int, default=800)
    options = parser.parse_args(arguments)
    url = options.url or f'http://{LOOPBACK}:{Daemon("odoo").facts.get("port", 0)}'
    if url.endswith(':0'):
        raise Problem('The demo does not run: make demo')
    for picture, file in _chosen(options):
        # a browser of its own: pages left behind keep connections that the next would wait for
        with Browser(url, options.database) as browser:
            browser.log_in(options.login or picture.login, options.login or picture.login)
            browser.shoot(picture, file)
        if file.parent == FOLDER and picture.name in SHOP_WINDOWS:
            addon = SHOP_WINDOWS[picture.name]
            shutil.copy(file, ROOT / addon / 'static' / 'description')
        say(f'{file} ({picture.width} × {picture.height})')
    return 0


def _chosen(options):
    """Return (picture, file) pairs."""
    if options.open:
        steps = tuple((selector, '') for selector in options.click)
        size = options.width, options.height
        return [(Picture('screen', options.open, options.ready, steps, *size), options.file)]
    known = {picture.name: picture for picture in PICTURES}
    unknown = set(options.names) - set(known)
    if unknown:
        raise Problem(f'No such picture: {", ".join(unknown)}. Known: {", ".join(known)}.')
    names = options.names or known
    return [(known[name], options.folder / f'{name}.png') for name in names]


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        sys.exit(str(problem))
