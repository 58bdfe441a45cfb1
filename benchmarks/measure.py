"""Time, SQL statements and peak memory of one block."""

import contextlib
import dataclasses
import gc
import pathlib
import resource
import time


@dataclasses.dataclass(frozen=True)
class Figure:
    """What one measure cost."""

    seconds: float
    statements: int
    megabytes: float
    #: how many things were done, for measures that have a rate
    done: int = None


class Meter:
    """Measure a `with` block; `figure` holds the result afterwards.

    `done` may be set inside the block.

    :param counter: callable that returns the number of SQL statements sent so far;
        by default Odoo's own counter, over all cursors of the process
    """

    def __init__(self, counter=None):
        self._counter = counter or _count_odoo_statements
        self.done = None
        self.figure = None

    def __enter__(self):
        gc.collect()
        _reset_peak_memory()
        self._statements = self._counter()
        self._started = time.perf_counter()
        return self

    def __exit__(self, *exc_info):
        seconds = time.perf_counter() - self._started
        self.figure = Figure(
            seconds=round(seconds, 4),
            statements=self._counter() - self._statements,
            megabytes=round(_read_peak_memory()),
            done=self.done,
        )


def best_cold(env, function, times):
    """Return the best Figure of `function`: nothing is pending, and the ORM has read nothing yet."""

    once_cold(env, function)
    return best_of(times, lambda: once_cold(env, function))


def of_hundred_cold(env, function, rank):
    """Return the Figure below which `rank` of a hundred runs of `function` stay."""
    figures = [once_cold(env, function) for _run in range(100)]
    return sorted(figures, key=lambda figure: figure.seconds)[rank - 1]


def once_cold(env, function):
    """Return the Figure of `function`: nothing is pending, and the ORM has read nothing yet."""
    env.flush_all()
    env.invalidate_all()
    with Meter() as meter:
        function()
    return meter.figure


def best_of(times, function):
    """Return the fastest Figure of `times` runs of `function`, which returns a Figure.

    The fastest run is the one least disturbed by the machine.
    """
    return min((function() for _run in range(times)), key=lambda figure: figure.seconds)


def _count_odoo_statements():
    from odoo import sql_db

    return sql_db.sql_counter


def _reset_peak_memory():
    # Linux forgets the high-water mark on request; elsewhere the peak includes the boot.
    with contextlib.suppress(OSError):
        pathlib.Path('/proc/self/clear_refs').write_text('5')


def _read_peak_memory():
    """Return the peak resident memory in MB since the last reset."""
    try:
        status = pathlib.Path('/proc/self/status').read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.splitlines() if line.startswith('VmHWM'))
    return int(line.split()[1]) / 1024
