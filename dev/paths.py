"""Where things live: the clone, its git-ignored folder and the cache of the user."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / '.dev'
CACHE = Path(
    os.environ.get('COBRANZA_CACHE')
    or Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache') / 'cobranza'
)


def state_dir(*parts):
    """Return a folder of this clone's private state, created when missing."""
    return ensure_dir(STATE.joinpath(*parts))


def cache_dir(*parts):
    """Return a folder of the user's cache, created when missing."""
    return ensure_dir(CACHE.joinpath(*parts))


def ensure_dir(path):
    """Create *path* with its parents and return it."""
    path.mkdir(parents=True, exist_ok=True)
    return path


def our_addons():
    """Return the folders of the add-ons of this repository, by name."""
    return sorted(manifest.parent for manifest in ROOT.glob('cobranza_*/__manifest__.py'))
