"""The Odoo the project runs on: ``ODOO_DIR``, or Debian's package unpacked and repaired."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .console import Problem, require_space, say, step
from .locks import build_once, digest, exclusive
from .paths import cache_dir

PACKAGE, SUITE = 'odoo-19', 'sid'
DIST = Path('usr/lib/python3/dist-packages')

# The package links to files of these instead of carrying its own. They come from the suite
# of the machine: Odoo wants Font Awesome 4.7, which newer suites no longer have.
LINKED_PACKAGES = (
    'fonts-font-awesome',
    'fonts-inconsolata',
    'fonts-ocr-b',
    'fonts-roboto-unhinted',
    'libjs-jquery',
    'libjs-jquery-form',
    'libjs-underscore',
)
# Not in Debian 12, and nothing we show uses it.
DISPENSABLE_LINKS = 'Montserrat'
# Taken out by the repackaging but still listed in an asset bundle: a console error on every
# back-end page, which Odoo's browser tests take for a failure.
MISSING_ASSET = 'mail/static/lib/selfie_segmentation/selfie_segmentation.js'
# Part of the cache key: raise it when the repairs below change.
REPAIR = 1


@dataclass(frozen=True)
class Odoo:
    """An Odoo on disk: what to put on PYTHONPATH and on the add-ons path."""

    python_path: Path
    addons_paths: tuple
    key: str


def find_odoo(refresh=False):
    """Return the Odoo to use, fetching Debian's package when nothing else is given."""
    given = os.environ.get('ODOO_DIR')
    if given:
        return _given_odoo(Path(given).expanduser().resolve())
    cached = [] if refresh else _cached()
    return _describe(cached[-1] if cached else _fetch())


def _given_odoo(folder):
    """Describe a source checkout or an unpacked package."""
    for candidate in (folder, folder / DIST):
        if (candidate / 'odoo' / 'release.py').is_file():
            return _describe(candidate)
    raise Problem(f'ODOO_DIR={folder} holds no Odoo (no odoo/release.py in it).')


def _describe(folder):
    """Return the facts about an Odoo whose ``odoo`` package lies in *folder*."""
    if (folder / DIST).is_dir():
        folder = folder / DIST
    release = (folder / 'odoo' / 'release.py').read_text(encoding='utf-8')
    if 'version_info = (19, 0' not in release:
        raise Problem(f'{folder} is not Odoo 19.0.')
    paths = [folder / 'addons', folder / 'odoo' / 'addons']
    found = tuple(path for path in paths if (path / 'web').is_dir() or (path / 'base').is_dir())
    return Odoo(folder, found, digest(release, str(folder)))


def _cached():
    """Return the unpacked packages in the cache, the newest last."""
    folder = cache_dir('odoo')
    found = [path for path in folder.glob(f'*+r{REPAIR}') if (path / DIST).is_dir()]
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _fetch():
    """Fetch the newest package of the suite unless that very version is unpacked already."""
    host = apt.host_suite()
    with exclusive(cache_dir('odoo') / '.fetch.lock', 'fetching Odoo'):
        source = apt.PrivateApt(SUITE, host)
        require_space(cache_dir(), 3000, 'Unpacking Odoo')
        with step("Odoo 1/3: reading Debian's package index"):
            source.update()
        version = source.newest(PACKAGE, SUITE)

        def build(folder):
            with step(f'Odoo 2/3: fetching and unpacking {PACKAGE} {version} (122 MB)'):
                source.unpack([PACKAGE], SUITE, folder)
            with step('Odoo 3/3: fetching what the package links to'):
                source.unpack(LINKED_PACKAGES, host, folder)
            repair(folder)
            source.clean()

        return build_once(cache_dir('odoo') / f'{version.replace("/", "_")}+r{REPAIR}', build)


def repair(prefix):
    """Make an unpacked package whole, and refuse one that still has a broken link."""
    addons = prefix / DIST / 'odoo' / 'addons'
    if not (addons / 'web').is_dir():
        addons = prefix / DIST / 'addons'
    asset = addons / MISSING_ASSET
    if asset.parent.parent.is_dir() and not asset.exists():
        asset.parent.mkdir(exist_ok=True)
        asset.write_text('// removed by the Debian packaging; kept empty for the bundle\n')
    # root's cache must stay readable: absolute links would point outside the prefix
    broken = [link for link in _dangling(prefix / DIST) if DISPENSABLE_LINKS not in str(link)]
    if broken:
        names = ', '.join(str(link.relative_to(prefix / DIST)) for link in broken[:3])
        raise Problem(f'The package of Odoo has {len(broken)} broken links ({names} …).')


def _dangling(folder):
    for root, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(root, name)
            if path.is_symlink() and not path.exists():
                yield path


def forget_others():
    """Remove every unpacked package but the newest."""
    for folder in _cached()[:-1]:
        say(f'Removing {folder.name}')
        shutil.rmtree(folder)
