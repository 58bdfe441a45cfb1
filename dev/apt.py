"""Packages from the Debian mirror this machine is configured with, without installing them.

apt runs in a configuration of its own (own lists, own cache): no root needed, the system
untouched, and every package verified against Debian's archive key as usual.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from .console import Problem, run
from .paths import cache_dir

KEYRINGS = (
    '/usr/share/keyrings/debian-archive-keyring.gpg',
    '/usr/share/keyrings/debian-archive-keyring.pgp',
)
NO_NETWORK = 'The Debian mirror could not be reached (no network?). '


def host_suite():
    """Return the code name of the Debian release this machine runs."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    if release.get('ID') != 'debian':
        raise Problem('This is not Debian: set ODOO_DIR to an Odoo 19 source checkout.')
    return release.get('VERSION_CODENAME') or 'sid'


class PrivateApt:
    """apt-get with the host's mirror and the suites asked for, in a folder of its own."""

    def __init__(self, *suites):
        if not shutil.which('apt-get') or not shutil.which('dpkg-deb'):
            raise Problem('apt-get is missing: set ODOO_DIR to an Odoo 19 source checkout.')
        self.home = cache_dir('apt')
        self.suites = list(dict.fromkeys(suites))

    def update(self):
        """Fetch and verify the package indexes of the suites."""
        for folder in ('lists/partial', 'archives/partial'):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        mirror, keyring = self._mirror(), self._keyring()
        lines = [f'deb [signed-by={keyring}] {mirror} {suite} main\n' for suite in self.suites]
        (self.home / 'sources.list').write_text(''.join(lines), encoding='utf-8')
        self._apt(['update'], NO_NETWORK + 'Its package index is needed once.')

    def newest(self, package, suite):
        """Return the version of *package* in *suite*."""
        missing = f'Debian {suite} has no package {package}: set ODOO_DIR.'
        answer = self._apt(['show', f'{package}/{suite}'], missing, 'apt-cache')
        for line in answer.splitlines():
            if line.startswith('Version:'):
                return line.split(':', 1)[1].strip()
        raise Problem(missing)

    def unpack(self, packages, suite, prefix):
        """Download *packages* of *suite* and unpack them into *prefix*."""
        downloads = self.home / 'downloads' / suite
        downloads.mkdir(parents=True, exist_ok=True)
        wanted = [f'{package}/{suite}' for package in packages]
        self._apt(['download', *wanted], NO_NETWORK + f'Wanted: {packages[0]}.', cwd=downloads)
        for package in packages:
            package = package.split(':')[0]
            newest = max(downloads.glob(f'{package}_*.deb'), key=lambda deb: deb.stat().st_mtime)
            run(['dpkg-deb', '-x', newest, prefix], f'{newest.name} could not be unpacked.')

    def absent(self, package):
        """Return *package* and what it needs that this machine does not have."""
        answer = self._apt(['install', '--simulate', '--no-install-recommends', package], '')
        return [line.split()[1] for line in answer.splitlines() if line.startswith('Inst ')]

    def clean(self):
        """Drop the downloaded packages: what was unpacked from them is cached itself."""
        shutil.rmtree(self.home / 'downloads', ignore_errors=True)

    def _apt(self, arguments, problem, program='apt-get', **options):
        settings = {
            'Dir::State::lists': self.home / 'lists',
            'Dir::Cache': self.home,
            'Dir::Etc::sourcelist': self.home / 'sources.list',
            'Dir::Etc::sourceparts': '/dev/null',
            'Acquire::Languages': 'none',
            'Acquire::Retries': 3,
            'APT::Update::Error-Mode': 'any',
            # as root apt would fetch as a user that may not see our folders
            'APT::Sandbox::User': 'root',
        }
        # -qq would hide what --simulate finds out
        quiet = '-q' if '--simulate' in arguments else '-qq'
        flags = [flag for key, value in settings.items() for flag in ('-o', f'{key}={value}')]
        env = {**os.environ, 'LC_ALL': 'C'}
        return run([program, *flags, quiet, *arguments], problem, env=env, **options)

    @staticmethod
    def _mirror():
        """Ask apt which mirror serves the host's own suite."""
        query = ['apt-get', 'indextargets', '--no-release-info', '--format']
        query += ['$(RELEASE) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages']
        done = subprocess.run(query, capture_output=True, text=True, check=False)
        suites = {host_suite(), 'stable', 'oldstable', 'testing', 'unstable', 'sid'}
        for line in done.stdout.splitlines():
            release, component, uri = line.split(' ', 2)
            if release in suites and component == 'main':
                return uri
        raise Problem('apt has no Debian mirror configured: set ODOO_DIR to an Odoo 19 checkout.')

    @staticmethod
    def _keyring():
        found = [path for path in KEYRINGS if Path(path).is_file()]
        if not found:
            raise Problem("Debian's key is missing: install the package debian-archive-keyring.")
        return found[0]
