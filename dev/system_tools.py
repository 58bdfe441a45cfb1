"""Programs of the system that some tests need: a browser, the PDF renderer, npm."""

import os
import shutil

from .console import Problem, run, say, step

# program: (Debian package, what is missing without it)
TOOLS = {
    'chromium': ('chromium', 'browser tests'),
    'npm': ('npm', 'comparisons with a client in JavaScript'),
    'wkhtmltopdf': ('wkhtmltopdf', 'PDF tests'),
}
# the names Odoo looks for a browser under
BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')


def in_ci():
    """Tell whether nothing may be left out."""
    return os.environ.get('CI', '').lower() in ('1', 'true', 'yes')


def missing():
    """Return the programs that are not installed."""
    absent = [] if any(map(shutil.which, BROWSERS)) else ['chromium']
    absent += [] if shutil.which('npm') and shutil.which('node') else ['npm']
    return absent + ([] if shutil.which('wkhtmltopdf') else ['wkhtmltopdf'])


def check():
    """Return what is missing: installed in CI, announced as left out elsewhere."""
    absent = missing()
    if absent and in_ci():
        _install(absent)
        absent = missing()
        if absent:
            raise Problem(f'CI needs {" and ".join(absent)}.')
    for program in absent:
        package, loss = TOOLS[program]
        say(f'! {program} is not installed, so {loss} are left out: apt-get install {package}')
    return absent


def _install(programs):
    packages = [TOOLS[program][0] for program in programs] + ['fonts-dejavu-core']
    if os.geteuid():
        raise Problem(f'CI needs {" ".join(packages)}: sudo apt-get install {" ".join(packages)}')
    env = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
    apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300']
    with step(f'Installing {", ".join(packages)}'):
        run([*apt, 'update'], 'The package index could not be read (no network?).', env=env)
        install = [*apt, 'install', '-y', '--no-install-recommends', *packages]
        run(install, f'{" ".join(packages)} could not be installed.', env=env)
