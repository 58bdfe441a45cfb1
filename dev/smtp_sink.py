"""A mail server on loopback that delivers nothing and keeps everything.

Every message is kept as ``0001.eml`` beside an ``index.html`` that a browser can open. It
can also misbehave like real servers do, which is what the fault tests use::

    with SmtpSink(folder, refuse=r'@nowhere\\.') as sink:
        …                           # deliver to 127.0.0.1, port sink.port
        sink.messages[0]['Subject']
"""

import argparse
import asyncio
import email
import email.policy
import functools
import html
import logging
import re
import signal
import threading
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller

LOOPBACK = '127.0.0.1'
PAGE = """<!doctype html><meta charset="utf-8"><title>Messages</title>
<style>body{{font:15px sans-serif;margin:2em}}td,th{{padding:.3em .8em;text-align:left}}
tr:nth-child(even){{background:#f3f3f3}}</style>
<h1>{count} messages</h1><table><tr><th>#<th>Date<th>From<th>To<th>Subject<th>Source</tr>
{rows}</table>"""


@dataclass
class Faults:
    """How the server misbehaves; may be changed while it runs.

    :param refuse: recipients matching this expression get a permanent 550
    :param defer: recipients matching this expression get a temporary 451
    :param delay: seconds to wait before a message is accepted
    :param drop: close the connection in the middle of the message
    """

    refuse: str = ''
    defer: str = ''
    delay: float = 0
    drop: bool = False


class _Handler:
    """What the server answers; see aiosmtpd for the hooks."""

    def __init__(self, sink):
        self.sink = sink

    async def handle_RCPT(self, server, session, envelope, address, options):
        faults = self.sink.faults
        if faults.refuse and re.search(faults.refuse, address):
            return '550 5.1.1 No such user here'
        if faults.defer and re.search(faults.defer, address):
            return '451 4.7.1 Try again later'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        faults = self.sink.faults
        if faults.delay:
            await asyncio.sleep(faults.delay)
        if faults.drop:
            server.transport.abort()
            return '421 Closing'
        self.sink.keep(envelope)
        return '250 OK'


@dataclass
class SmtpSink:
    """The server, running between ``start`` and ``stop`` or inside a ``with``."""

    folder: Path
    port: int = 0
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self):
        # one line per command would hide what a test prints
        logging.getLogger('mail.log').setLevel(logging.WARNING)
        self.folder = Path(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._guard = threading.Lock()
        self._write_index()

    def start(self):
        """Listen; with port 0 a free one is chosen first."""
        from .ports import free_port

        self.port = self.port or free_port()
        self._controller = Controller(_Handler(self), hostname=LOOPBACK, port=self.port)
        self._controller.start()
        return self

    def stop(self):
        """Stop listening; the messages stay."""
        self._controller.stop(no_assert=True)

    __enter__ = start

    def __exit__(self, *_exception):
        self.stop()

    @property
    def paths(self):
        """The kept messages, oldest first."""
        return sorted(self.folder.glob('*.eml'))

    @property
    def messages(self):
        """The kept messages, parsed, oldest first."""
        return [_parsed(path) for path in self.paths]

    def clear(self):
        """Forget every message."""
        for path in [*self.folder.glob('*.eml'), *self.folder.glob('[0-9]*.html')]:
            path.unlink()
        self._write_index()

    def keep(self, envelope):
        """Write one message to disk, with the envelope's recipients in a header of ours."""
        with self._guard:
            number = int(self.paths[-1].stem) + 1 if self.paths else 1
            recipients = f'X-Envelope-To: {", ".join(envelope.rcpt_tos)}\r\n'.encode()
            draft = self.folder / f'{number:04}.part'
            draft.write_bytes(recipients + envelope.original_content)
            path = draft.rename(draft.with_suffix('.eml'))
            path.with_suffix('.html').write_text(_body(_parsed(path)), encoding='utf-8')
            self._write_index()

    def _write_index(self):
        rows = '\n'.join(map(_row, reversed(self.paths)))
        page = PAGE.format(count=len(self.paths), rows=rows)
        (self.folder / 'index.html').write_text(page, encoding='utf-8')


def _parsed(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _body(message):
    """Return the message's text as a page."""
    part = message.get_body(('html', 'plain'))
    text = part.get_content() if part else ''
    if part and part.get_content_type() == 'text/plain':
        text = f'<pre>{html.escape(text)}</pre>'
    return f'<!doctype html><meta charset="utf-8">{text}'


def _row(path):
    message = _parsed(path)
    subject = html.escape(str(message['Subject'] or '(no subject)'))
    cells = [html.escape(str(message[name] or '')) for name in ('Date', 'From', 'X-Envelope-To')]
    links = f'<td><a href="{path.stem}.html">{subject}</a><td><a href="{path.name}">eml</a>'
    return f'<tr><td>{path.stem}<td>' + '<td>'.join(cells) + links + '</tr>'


def serve_pages(folder, port):
    """Show the folder on loopback in the background."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *_arguments: None
    pages = ThreadingHTTPServer((LOOPBACK, port), handler)
    threading.Thread(target=pages.serve_forever, daemon=True).start()


def main():
    """Run the sink and its pages until terminated."""
    parser = argparse.ArgumentParser(description='A mail server that keeps every message.')
    parser.add_argument('--folder', required=True)
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--http-port', type=int, default=0)
    parser.add_argument('--refuse', default='')
    parser.add_argument('--defer', default='')
    parser.add_argument('--delay', type=float, default=0)
    options = parser.parse_args()
    faults = Faults(options.refuse, options.defer, options.delay)
    with SmtpSink(options.folder, options.port, faults) as sink:
        if options.http_port:
            serve_pages(sink.folder, options.http_port)
        print(f'listening on {LOOPBACK}:{sink.port}', flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == '__main__':
    main()
