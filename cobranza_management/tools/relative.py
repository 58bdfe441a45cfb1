"""How long ago, as people say it."""

from datetime import timedelta


def days_apart(moment, now):
    """Return whole days between the calendar days of two local datetimes; positive when `moment` is past.

    >>> from datetime import datetime
    >>> days_apart(datetime(2026, 3, 3, 23, 50), datetime(2026, 3, 4, 0, 10))
    1
    """
    return (now.date() - moment.date()).days


def coarse(days):
    """Return the span to say for so many days: from a fortnight on nobody counts single days.

    >>> coarse(3), coarse(16)
    (datetime.timedelta(days=3), datetime.timedelta(days=14))
    """
    return timedelta(days=days if abs(days) < 14 else days - days % 7)
