"""``make demo``: a seeded database, a running Odoo, and a mailbox and a WhatsApp that show what was sent."""

import json
import os
import subprocess
import sys

from . import databases, postgres, templates
from .console import Problem, say, step
from .daemons import Daemon
from .demo_whatsapp import Cloud
from .locks import digest, exclusive
from .odoo_env import call, environment, odoo_command
from .paths import ROOT, STATE, our_addons, state_dir
from .ports import LOOPBACK, free_port, is_free, require_port, usual_port
from .warm_up import answers, warm

DATABASE = os.environ.get('DEMO_DB') or 'cobranza_demo'
DEFAULT_PORT = 8069
MAIL = STATE / 'mail'
LOGINS = STATE / 'demo-logins.json'
# Read by Odoo's shell. The seed may return the logins worth printing: (who, login, password).
SEED = """
import json, os
from dev.demo_seed import seed
parameters = env['ir.config_parameter']
parameters.set_param('web.base.url', os.environ['COBRANZA_DEMO_URL'])
# the buttons of approved WhatsApp templates lead there, under whatever name somebody opens it
parameters.set_param('web.base.url.freeze', 'True')
logins = seed(env) or []
env.cr.commit()
with open(os.environ['COBRANZA_DEMO_LOGINS'], 'w', encoding='utf-8') as report:
    json.dump(logins, report)
"""


def demo(_arguments):
    """Build what is missing, start what does not run, and say where everything is."""
    with exclusive(STATE / 'demo.lock', 'the demo of this clone'):
        if not postgres.external():
            postgres.Cluster().keep.touch()
        _start_sink()
        server = Daemon('odoo')
        port = server.facts.get('port') or _choose_port()
        url = f'http://{LOOPBACK}:{port}'
        cloud = Cloud(url)
        cloud.start()
        with _environment() as env:
            env.update(COBRANZA_DEMO_URL=url, COBRANZA_DEMO_LOGINS=str(LOGINS))
            env['COBRANZA_DEMO_WHATSAPP'] = cloud.told
            if _ensure_database(env, cloud) or not server.facts:
                _start_server(server, env, port)
    _tell(url, cloud)


def stop(_arguments):
    """Stop the demo and the private PostgreSQL."""
    for name in ('odoo', 'whatsapp', 'sink'):
        Daemon(name).stop()
    if not postgres.external():
        postgres.Cluster().stop()
    say('Stopped.')


def shell(arguments):
    """Open Odoo's shell on the demo's database."""
    with _environment() as env:
        return call(odoo_command('shell', '-d', DATABASE, *arguments), env)


def _environment():
    """Return the environment whose Odoo runs its jobs and mails to the sink."""
    port = Daemon('sink').facts.get('smtp', 25)
    mail = {'smtp_server': LOOPBACK, 'smtp_port': port, 'email_from': 'demo@example.com'}
    return environment(rc='demo.conf', max_cron_threads=1, **mail)


def _choose_port():
    """Return the port asked for, or the last one, or the usual one, or (two clones) another free one."""
    asked = os.environ.get('DEMO_PORT')
    wanted = require_port(int(asked), 'DEMO_PORT') if asked else None
    return usual_port('odoo', wanted, DEFAULT_PORT)


def _start_sink():
    """Start the mail server and its pages unless they run."""
    daemon = Daemon('sink')
    if not daemon.facts:
        smtp, pages = free_port(), free_port()
        command = [sys.executable, '-m', 'dev.smtp_sink', '--folder', MAIL]
        command += ['--port', smtp, '--http-port', pages]
        daemon.start(command, env={**os.environ, 'PYTHONPATH': str(ROOT)}, smtp=smtp, pages=pages)
        daemon.wait(lambda: not is_free(smtp), 'The mail sink')


def _ensure_database(env, cloud):
    """Build the demo database when it is missing or outdated; return whether that was so."""
    connection = databases.connection_of(env)
    seeds = sorted(path for path in (ROOT / 'dev').glob('demo_seed*') if path.is_file())
    sources = [part for path in seeds for part in (path.name, path.read_bytes())]
    # its messages have links to these addresses
    addresses = [env['COBRANZA_DEMO_URL'], env['COBRANZA_DEMO_WHATSAPP']]
    key = digest(
        templates.content_key(our_addons()), env['COBRANZA_ODOO_KEY'], *addresses, *sources
    )
    if databases.comment(connection, DATABASE) == key:
        return False
    draft = f'draft_{DATABASE}'
    base = templates.base_template(env)
    databases.copy(connection, base, draft)
    _install(env, draft)
    # the server of an older book would answer what is meant for the new one
    Daemon('odoo').stop()
    cloud.start_again()
    with step('Demo: a book of invoices and one daily cycle'):
        _seed(env, draft)
    databases.drop(connection, DATABASE)
    databases.rename(connection, draft, DATABASE)
    databases.set_comment(connection, DATABASE, key)
    return True


def _install(env, database):
    """Install our add-ons with their demo data, but none of Odoo's.

    Odoo loads demo data only where every dependency has its own: pretend so.
    """
    modules = ','.join(folder.name for folder in our_addons())
    if not modules:
        return
    pretend = "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
    subprocess.run(['psql', '-qc', pretend, database], env=env, check=True)
    with step(f'Demo: {modules}'):
        templates.install(env, database, '-i', modules, '--with-demo')


def _seed(env, database):
    """Run the seed in Odoo's shell on *database*."""
    log = state_dir('log') / 'seed.log'
    with log.open('w', encoding='utf-8') as output:
        done = subprocess.run(
            odoo_command('shell', '-d', database),
            env=env,
            input=SEED,
            text=True,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        tail = '\n'.join(log.read_text(encoding='utf-8').splitlines()[-15:])
        raise Problem(f'The demo could not be seeded (see {log}):\n{tail}')


def _start_server(daemon, env, port):
    """Start Odoo in the background and open its first pages, which compile the assets."""
    with step('Demo: starting Odoo and warming its pages'):
        daemon.stop()
        daemon.start(odoo_command('-d', DATABASE, '--http-port', port), env, port=port)
        url = f'http://{LOOPBACK}:{port}'
        daemon.wait(lambda: answers(url), 'Odoo')
        warm(url)


def _tell(url, cloud):
    """Say where everything is."""
    logins = json.loads(LOGINS.read_text(encoding='utf-8')) if LOGINS.exists() else []
    say(f'\nOdoo runs at   {url}   (database {DATABASE}; stop it with `make stop`)')
    for who, login, password in logins or [('administrator', 'admin', 'admin')]:
        say(f'  {who:<30} {login}  /  {password}')
    pages = Daemon('sink').facts['pages']
    say(f'Messages sent: http://{LOOPBACK}:{pages}/   ({MAIL})')
    say('\n'.join(cloud.advice()))
