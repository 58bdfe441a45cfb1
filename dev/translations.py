"""``make i18n``: the terms of the add-ons into their .pot, and from there into the .po files."""

import polib

from . import templates
from .console import run, say
from .odoo_env import environment, odoo_command
from .paths import STATE, our_addons

LANGUAGES = ('es', 'es_419')
DATES = ('POT-Creation-Date', 'PO-Revision-Date')


def i18n(_arguments):
    """Bring every catalogue up to date; translations are kept, missing ones stay empty."""
    with environment() as env:
        database = templates.addons_template(env)
        for addon in our_addons():
            fresh = _export(env, database, addon)
            _write(fresh, addon / 'i18n' / f'{addon.name}.pot')
            for language in LANGUAGES:
                _update(addon / 'i18n' / f'{language}.po', fresh)


def _export(env, database, addon):
    """Return the terms of *addon* as Odoo finds them in the installed database."""
    path = STATE / f'{addon.name}.pot'
    command = odoo_command('i18n', 'export', '-d', database, '-o', path, addon.name)
    run(command, f'The terms of {addon.name} could not be exported.', env=env)
    return polib.pofile(str(path), wrapwidth=78)


def _write(catalogue, path):
    """Save *catalogue* unless only its dates differ from what is there."""
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        previous = polib.pofile(str(path))
        catalogue.metadata |= {key: previous.metadata.get(key, '') for key in DATES}
    catalogue.save(str(path))


def _update(path, fresh):
    """Merge the *fresh* terms into the catalogue at *path* and tell what is missing."""
    catalogue = polib.pofile(str(path), wrapwidth=78) if path.exists() else polib.POFile()
    if not catalogue.metadata:
        catalogue.metadata = dict(fresh.metadata)
    catalogue.header = fresh.header
    catalogue.merge(fresh)
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    catalogue.save(str(path))
    say(f'{path.parent.parent.name}/{path.name}: {len(catalogue.untranslated_entries())} missing')
