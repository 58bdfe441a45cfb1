"""Initialised databases, kept as templates named after what they were built from.

Two levels: Odoo's own modules (slow, rarely changes, also kept as a dump in the user's
cache for the next clone), and on top of it our add-ons (quick, changes with every edit).
"""

import ast
import re
import shutil
import subprocess

from . import databases
from .console import Problem, require_space, say, step
from .locks import build_once, digest, exclusive
from .odoo_env import odoo_command
from .paths import STATE, cache_dir, our_addons, state_dir

# the first is the language new users and contacts get
LANGUAGES = 'en_US,es_ES,es_419'
# Installed below our add-ons whatever these depend on, so that adding a dependency from
# this list does not rebuild the slow level.
BASE_MODULES = {'account', 'account_payment', 'phone_validation', 'portal', 'sms'}
# Part of the cache key: raise it when the way of building changes.
RECIPE = 1
KEPT = 2

LOG_LINE = re.compile(r'^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) ')
IGNORED_FOLDERS = {'__pycache__', 'tests', 'readme'}


def manifests():
    """Return the manifests of our add-ons by name."""
    return {
        folder.name: ast.literal_eval((folder / '__manifest__.py').read_text(encoding='utf-8'))
        for folder in our_addons()
    }


def content_key(folders):
    """Return a key for everything in *folders* that a database can be built from."""
    contents = {
        path.relative_to(folder.parent): path.read_bytes()
        for folder in folders
        for path in folder.rglob('*')
        if path.is_file() and not IGNORED_FOLDERS.intersection(path.relative_to(folder).parts)
    }
    return digest(*(part for item in sorted(contents.items()) for part in item))


def base_template(env):
    """Return the database with Odoo's modules only, building or restoring it if needed."""
    ours = manifests()
    wanted = BASE_MODULES.union(*(manifest['depends'] for manifest in ours.values())) - set(ours)
    key = digest(RECIPE, env['COBRANZA_ODOO_KEY'], LANGUAGES, *sorted(wanted))
    name = f'cobranza_base_{key}'

    def build(draft):
        saved = cache_dir('templates') / name
        if saved.is_dir() and _restored(env, saved, draft):
            return
        with step(f'Database 1/2: Odoo and {len(wanted)} of its modules (about a minute)'):
            options = ['-i', ','.join(sorted(wanted)), f'--load-language={LANGUAGES}']
            install(env, draft, *options)
        _save(env, draft, saved)

    return _ensure(env, name, 'cobranza_base_', build)


def addons_template(env):
    """Return the database with our add-ons on top, building it if needed."""
    base = base_template(env)
    ours = our_addons()
    if not ours:
        return base
    name = f'cobranza_addons_{digest(base, content_key(ours))}'

    def build(draft):
        databases.copy(databases.connection_of(env), base, draft)
        modules = ','.join(folder.name for folder in ours)
        with step(f'Database 2/2: {modules}'):
            install(env, draft, '-i', modules)

    return _ensure(env, name, 'cobranza_addons_', build)


def install(env, database, *options):
    """Run Odoo once with *options* on *database*; a warning in its log is a failure."""
    log = state_dir('log') / f'install-{database}.log'
    command = odoo_command('-d', database, *options, '--stop-after-init')
    with log.open('w', encoding='utf-8') as output:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    lines = log.read_text(encoding='utf-8', errors='replace').splitlines()
    complaints = [index for index, line in enumerate(lines) if LOG_LINE.match(line)]
    if done.returncode or complaints:
        first = complaints[0] if complaints else max(len(lines) - 15, 0)
        excerpt = '\n'.join(lines[first : first + 25])
        raise Problem(f'Odoo complains while it builds {database} (see {log}):\n{excerpt}')


def _ensure(env, name, prefix, build):
    """Return the database *name*, built as a draft and renamed when it is finished."""
    connection = databases.connection_of(env)
    with exclusive(STATE / 'templates.lock', 'building databases'):
        if not databases.exists(connection, name):
            draft = f'draft_{name}'
            databases.drop(connection, draft)
            build(draft)
            databases.rename(connection, draft, name)
            _prune(connection, prefix)
    return name


def _prune(connection, prefix):
    """Drop all but the newest templates of one level."""
    for name in databases.names(connection, prefix)[:-KEPT]:
        databases.drop(connection, name)


def _restored(env, saved, draft):
    """Tell whether the dump in the user's cache could be restored."""
    try:
        with step("Database 1/2: restoring Odoo's modules from the cache"):
            databases.restore(env, saved, draft)
    except (subprocess.CalledProcessError, FileNotFoundError):
        say('  not usable with this server: building it anew')
        databases.drop(databases.connection_of(env), draft)
        return False
    return True


def _save(env, draft, saved):
    """Keep a dump for the next clone; without fitting client programs there is none."""
    require_space(cache_dir(), 500, 'Keeping a database')
    try:
        build_once(saved, lambda folder: databases.save(env, draft, folder))
    except (subprocess.CalledProcessError, FileNotFoundError):
        say("  pg_dump does not fit this server: the next clone won't find this database")
    for old in sorted(saved.parent.glob('cobranza_*'), key=lambda path: path.stat().st_mtime)[:-3]:
        shutil.rmtree(old, ignore_errors=True)
