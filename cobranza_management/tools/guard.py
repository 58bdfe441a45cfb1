"""The gate: may this debtor be contacted on this channel now, and if not, why and when next.

A pure function over data. Country packs are more `Rule` values; nothing here knows a country.
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from .calendars import holiday_name

#: A debtor that no rule lets through in so many days is one nobody may contact.
HORIZON_DAYS = 400
#: Moments tried on the way there: a few a day, more than any set of rules needs.
MAX_ATTEMPTS = 10 * HORIZON_DAYS


class Window(NamedTuple):
    """Hours of a weekday (0 = Monday) in the debtor's local time, as floats: 8.5 is 08:30."""

    weekday: int
    start: float
    end: float


class Rule(NamedTuple):
    """One rule of law or of the house; every rule that names the channel must agree."""

    name: str
    law: str = ''  # legal reference shown with a refusal
    channels: frozenset = frozenset()  # empty: every channel
    windows: tuple = ()  # of Window; empty: at any time
    on_holidays: bool = True
    min_days: int = 0  # days from one contact to the next
    max_per_day: int = 0  # 0: no cap
    max_per_week: int = 0  # stricter of calendar week and rolling 7 days
    count_attempts: bool = True  # calls nobody answered count as well

    def covers(self, channel):
        return not self.channels or channel in self.channels


class Facts(NamedTuple):
    """What the gate knows of a debtor."""

    zone: object  # tzinfo
    country: str = None
    stops: tuple = ()  # of (code, detail, until): the first holds back every contact; until: a date or None
    contacts: tuple = ()  # of aware datetimes of past contacts
    attempts: tuple = ()  # of aware datetimes of calls nobody answered

    def counted_by(self, rule):
        """Return what spacing and caps of `rule` count."""
        return (*self.contacts, *self.attempts) if rule.count_attempts else self.contacts


class Verdict(NamedTuple):
    """The answer; `next_at` (aware, UTC) is the next lawful minute, None when there is none."""

    allowed: bool
    code: str = ''
    detail: str = ''
    law: str = ''
    rule: str = ''
    next_at: object = None


ALLOWED = Verdict(True)


def may_contact(facts, rules, channel, now):
    """Return the Verdict for contacting a debtor at `now` (aware datetime).

    The reason is the first one met now; the next moment satisfies them all.
    """
    rules = [rule for rule in rules if rule.covers(channel)]
    refusal, moment = None, now
    for _attempt in range(MAX_ATTEMPTS):
        found = _first_refusal(facts, rules, moment)
        if not found:
            break
        refusal = refusal or found
        if not found.next_at or found.next_at > now + timedelta(days=HORIZON_DAYS):
            return refusal._replace(next_at=None)
        moment = found.next_at
    else:
        return refusal._replace(next_at=None)
    if not refusal:
        return ALLOWED
    return refusal._replace(next_at=moment.astimezone(pytz.utc))


def _first_refusal(facts, rules, moment):
    """Return the first refusal at `moment`, its `next_at` being the next moment worth trying."""
    local = moment.astimezone(facts.zone)
    for code, detail, until in facts.stops:
        if until is None:
            return Verdict(False, code, detail)
        if local.date() <= until:
            return Verdict(
                False, code, detail, next_at=_day_start(facts.zone, until + timedelta(days=1))
            )
    for rule in rules:
        for check in (_check_holiday, _check_hours, _check_spacing, _check_caps):
            found = check(facts, rule, local)
            if found:
                return found._replace(law=rule.law, rule=rule.name)
    return None


def _check_holiday(facts, rule, local):
    name = None if rule.on_holidays else holiday_name(facts.country, local.date())
    if name:
        return Verdict(
            False, 'holiday', name, next_at=_day_start(facts.zone, local.date() + timedelta(days=1))
        )
    return None


def _check_hours(facts, rule, local):
    if not rule.windows:
        return None
    hour = local.hour + local.minute / 60
    today = sorted(w for w in rule.windows if w.weekday == local.weekday())
    for window in today:
        if window.start <= hour < window.end:
            return None
        if hour < window.start:
            return Verdict(False, 'hours', next_at=_at_hour(facts.zone, local.date(), window.start))
    return Verdict(False, 'hours', next_at=_day_start(facts.zone, local.date() + timedelta(days=1)))


def _check_spacing(facts, rule, local):
    contacts = facts.counted_by(rule)
    if not rule.min_days or not contacts:
        return None
    last = max(contacts).astimezone(facts.zone).date()
    if local.date() < last + timedelta(days=rule.min_days):
        return Verdict(
            False,
            'spacing',
            str(rule.min_days),
            next_at=_day_start(facts.zone, last + timedelta(days=rule.min_days)),
        )
    return None


def _check_caps(facts, rule, local):
    days = sorted(contact.astimezone(facts.zone).date() for contact in facts.counted_by(rule))
    today = local.date()
    if rule.max_per_day and days.count(today) >= rule.max_per_day:
        return Verdict(
            False,
            'cap_day',
            str(rule.max_per_day),
            next_at=_day_start(facts.zone, today + timedelta(days=1)),
        )
    if rule.max_per_week:
        monday = today - timedelta(days=today.weekday())
        start = min(monday, today - timedelta(days=6))
        if sum(start <= day <= today for day in days) >= rule.max_per_week:
            return Verdict(
                False,
                'cap_week',
                str(rule.max_per_week),
                next_at=_day_start(facts.zone, today + timedelta(days=1)),
            )
    return None


def _day_start(zone, day):
    return zone.localize(datetime.combine(day, time()))


def _at_hour(zone, day, hour):
    minutes = round(hour * 60)
    return zone.localize(datetime.combine(day, time(minutes // 60, minutes % 60)))
