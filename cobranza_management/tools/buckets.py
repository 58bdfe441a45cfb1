"""Aging buckets: contiguous ranges of days overdue."""

from bisect import bisect_right
from typing import NamedTuple

#: Stand for "no lower bound" and "no upper bound"; four bytes hold them in PostgreSQL.
NO_START, NO_END = -999_999, 999_999


class Bucket(NamedTuple):
    """A range of days overdue, both ends included; 0 and less is not due yet."""

    name: str
    first_day: int
    last_day: int


def level_of(starts, days):
    """Return the place of the bucket that `days` overdue falls in, 1 for the youngest.

    :param starts: first days of the buckets, ascending

    >>> [level_of([NO_START, 1, 31], days) for days in (-5, 0, 1, 30, 31, 400)]
    [1, 1, 2, 2, 3, 3]
    """
    return bisect_right(starts, days)


def find_problem(buckets):
    """Say what keeps `buckets` from covering every day exactly once.

    :param list[Bucket] buckets: in any order
    :return: None, or a (code, first bucket, second bucket) triple; code is one of `empty`, `reversed`,
        `open_start`, `open_end`, `overlap`, `gap`

    >>> find_problem([Bucket('due', NO_START, 0), Bucket('late', 1, NO_END)])
    >>> find_problem([Bucket('due', NO_START, 0), Bucket('late', 2, NO_END)])[0]
    'gap'
    >>> find_problem([Bucket('due', NO_START, 5), Bucket('late', 1, NO_END)])[0]
    'overlap'
    >>> find_problem([Bucket('due', NO_START, 0), Bucket('late', 1, 30)])[0]
    'open_end'
    """
    if not buckets:
        return 'empty', None, None
    ordered = sorted(buckets, key=lambda bucket: bucket.first_day)
    for bucket in ordered:
        if bucket.last_day < bucket.first_day:
            return 'reversed', bucket, bucket
    if ordered[0].first_day > NO_START:
        return 'open_start', ordered[0], ordered[0]
    for before, after in zip(ordered, ordered[1:]):
        if after.first_day <= before.last_day:
            return 'overlap', before, after
        if after.first_day > before.last_day + 1:
            return 'gap', before, after
    if ordered[-1].last_day < NO_END:
        return 'open_end', ordered[-1], ordered[-1]
    return None
