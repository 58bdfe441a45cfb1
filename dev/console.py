"""What the commands say: progress on long steps, one clear line when they cannot go on."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """Something the person at the keyboard has to know; printed as one line."""


def say(text):
    """Print one line at once, whatever standard output is connected to."""
    print(text, flush=True)


@contextmanager
def step(text):
    """Announce a long step and tell how long it took."""
    say(f'→ {text} …')
    start = time.monotonic()
    yield
    say(f'  done in {time.monotonic() - start:.1f} s')


def run(command, problem, **options):
    """Run *command* quietly; on failure raise *problem* with the last lines it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        tail = '\n'.join(done.stdout.strip().splitlines()[-15:])
        raise Problem(f'{problem}\n{tail}' if tail else problem)
    return done.stdout


def require_space(path, megabytes, purpose):
    """Stop before a long step when the disk cannot hold what it makes."""
    free = shutil.disk_usage(path).free // 2**20
    if free < megabytes:
        raise Problem(f'{purpose} needs {megabytes} MB of disk in {path}: only {free} MB free.')


def main_guard(main):
    """Run *main* and turn a problem into one line and exit code 1."""
    try:
        return main()
    except Problem as problem:
        print(f'✗ {problem}', file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print('✗ Interrupted; run the same command again to go on.', file=sys.stderr, flush=True)
        return 130
