"""The day somebody means: "el viernes", "15/03", "a fin de mes", "en dos semanas"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from .understanding_words import ADDENDS, number_of, plain

WEEKDAYS = {
    'lunes': 0, 'martes': 1, 'miercoles': 2, 'jueves': 3, 'viernes': 4, 'sabado': 5, 'domingo': 6,
    'monday': 0, 'tuesday': 1, 'wednesday': 2, 'thursday': 3, 'friday': 4, 'saturday': 5, 'sunday': 6,
}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            'enero ene january', 'febrero feb february', 'marzo mar march', 'abril abr april', 'mayo may',
            'junio jun june', 'julio jul july', 'agosto ago august', 'septiembre setiembre sep set sept september',
            'octubre oct october', 'noviembre nov november', 'diciembre dic december',
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

_WEEKDAY = '|'.join(WEEKDAYS)
_MONTH = '|'.join(sorted(MONTHS, key=len, reverse=True))
_SMALL = '|'.join(sorted((w for w, n in ADDENDS.items() if 0 < n <= 31), key=len, reverse=True))
_COUNT = rf'(?P<count>[0-9]{{1,3}}|{_SMALL}|a)'
_DAY = rf'(?P<day>[0-9]{{1,2}}|primero|treinta y uno|{_SMALL})'
#: Words that lead to a date and belong to it: what they are taken from is searched for an amount.
_LEAD = rf'(?:\b(?:para|antes de|hasta|on|by)\s+)?(?:\b(?:el|al|este|the)\s+)?(?:\b(?:{_WEEKDAY}),?\s+)?(?:\bdia\s+)?'
_NEXT = r'(?:que viene|proxim[oa]|siguiente|entrante)'
#: A number that goes on, or counts something else, is no day of the month.
_NO_DAY = r'(?![0-9%/]|[.,-][0-9]|\s*(?:%|por ?ciento|mil\b|k\b|pesos|soles|dolar|dias?\b|semanas?\b|cuotas?\b))'
#: Days somebody names to say that it will not be then.
_NOT_THEN = re.compile(
    r'\b(?:hoy|manana)\s+no\b(?!\s+mas)'
    r'|\bno\s+(?:puedo|podre|llego|alcanzo|voy a poder)\s+(?:pagar\s+)?(?:hoy|manana)\b'
)


def find_date(text, today, past=False):
    """Return the day that `text` names, None if it names none or one that does not exist.

    A day without its month or its year is the next one, today included; a weekday is the next one after today.

    :param bool past: days are looked for in the past: "el viernes" is the last one

    >>> wednesday = date(2027, 3, 10)
    >>> str(find_date('pago el viernes', wednesday)), str(find_date('el 15 de abril', wednesday))
    ('2027-03-12', '2027-04-15')
    >>> str(find_date('9/3', wednesday)), str(find_date('9/3/2027', wednesday))
    ('2028-03-09', '2027-03-09')
    >>> str(find_date('pagué el viernes', wednesday, past=True))
    '2027-03-05'
    >>> find_date('31/02', wednesday), find_date('hola', wednesday)
    (None, None)
    """
    return take_date(plain(text), today, past)[0]


def take_date(said, today, past=False):
    """Return (the day named by plain text or None, the text without the words that named it)."""
    said = _NOT_THEN.sub(' ; ', said)
    found = [
        (match.start(), order, match, read)
        for order, (pattern, read) in enumerate(_PAST if past else _FUTURE)
        if (match := pattern.search(said))
    ]
    if not found:
        return None, said
    # the first one named; the patterns stand with the most precise first
    _start, _order, match, read = min(found, key=lambda one: one[:2])
    rest = f'{said[: match.start()]} ; {said[match.end() :]}'
    try:
        return read(match, today), rest
    except (ValueError, OverflowError):
        return None, rest


def has_date(said):
    """Tell whether plain text names a day other than today."""
    today = date(2027, 3, 10)
    day = take_date(said, today)[0]
    return day is not None and day != today


def next_weekday(today, weekday):
    """Return the next such day after today; 0 is Monday."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def month_end(day):
    """Return the last day of the month of `day`.

    >>> month_end(date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])


def _add_months(day, count):
    first = date(day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def _full(match, _today):
    year = int(match['year'])
    return date(year + 2000 if year < 100 else year, _month(match), _day(match))


def _month(match):
    return MONTHS.get(match['month']) or int(match['month'])


def _day(match):
    return 1 if match['day'] == 'primero' else number_of(match['day'])


def _year_day(match, today):
    """Return the next such day of a year, today included; 29 February may be years away."""
    return _first(today, lambda year: date(year, _month(match), _day(match)), range(9))


def _last_year_day(match, today):
    return _first(today, lambda year: date(year, _month(match), _day(match)), range(0, -9, -1))


def _first(today, make, years):
    """Return the first day made of the years that lies on this side of today; ValueError if there is none."""
    ahead = years.step > 0
    for years_on in years:
        try:
            day = make(today.year + years_on)
        except ValueError:
            continue
        if day >= today if ahead else day <= today:
            return day
    raise ValueError


def _month_day(match, today):
    """Return the next such day of a month, today included: the 31st skips the short months."""
    return _first_month(today, _day(match), range(4))


def _last_month_day(match, today):
    return _first_month(today, _day(match), range(0, -4, -1))


def _first_month(today, number, months):
    for count in months:
        first = _add_months(today.replace(day=1), count)
        if 1 <= number <= month_end(first).day:
            day = first.replace(day=number)
            if day >= today if months.step > 0 else day <= today:
                return day
    raise ValueError


def _next_month_day(match, today):
    return _add_months(today.replace(day=1), 1).replace(day=_day(match))


def _weekday(match, today):
    return next_weekday(today, WEEKDAYS[match['weekday']])


def _last_weekday(match, today):
    return today - timedelta(days=(today.weekday() - WEEKDAYS[match['weekday']] - 1) % 7 + 1)


def _weekday_of_next_week(match, today):
    return next_weekday(today, 0) + timedelta(days=WEEKDAYS[match['weekday']])


def _count(match):
    return 1 if match['count'] == 'a' else number_of(match['count'])


def _month_end_named(match, today):
    return month_end(_add_months(today.replace(day=1), 1) if match['next'] else today)


def _fortnight(match, today):
    """Return the next pay day: the 15th or the last of the month."""
    first = today + timedelta(days=1) if match['next'] else today
    return first.replace(day=15) if first.day <= 15 else month_end(first)


def _days_on(days):
    return lambda _match, today: today + timedelta(days=days)


def _counted(days):
    return lambda match, today: today + timedelta(days=days * _count(match))


def _table(*rows):
    return tuple((re.compile(pattern), read) for pattern, read in rows)


_ISO = r'(?<![0-9])(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?![0-9])'
_DMY = rf'{_LEAD}(?<![0-9/.-])(?P<day>[0-9]{{1,2}})(?P<mark>[/.-])(?P<month>[0-9]{{1,2}})(?P=mark)'
_DMY += r'(?P<year>[0-9]{4}|[0-9]{2})(?![0-9/.-]*[0-9])'
_DM = rf'{_LEAD}(?<![0-9/.,-])(?P<day>[0-9]{{1,2}})[/-](?P<month>[0-9]{{1,2}})(?![0-9/.,-]*[0-9])'
_LONG = rf'{_LEAD}\b{_DAY}\s+(?:de\s+|del\s+)?(?P<month>{_MONTH})\b'
_LONG_YEAR = rf'{_LONG},?\s+(?:de\s+|del\s+)?(?P<year>20[0-9]{{2}})\b'
_NUMBER = rf'(?:\b(?:para\s+)?(?:el|al)\s+(?:{_WEEKDAY})?\s*(?:dia\s+)?|\b(?:{_WEEKDAY})\s+|\bdia\s+){_DAY}\b{_NO_DAY}'
_DAY_OF_WEEK = (
    r'(?:\b(?:para|antes de|on|by)\s+)?(?:\b(?:el|este)\s+)?(?:\b(?:proximo|next|this)\s+)?'
)
_DAY_OF_WEEK += rf'\b(?P<weekday>{_WEEKDAY})\b'
_IN = rf'\b(?:en|dentro de|de aqui a|in)\s+(?:unos\s+|unas\s+)?{_COUNT}'
_AGO = rf'\bhace\s+(?:unos\s+|unas\s+)?{_COUNT}'
_MONTH_END = (
    r'\b(?:a\s+|para\s+|en\s+)?(?:el\s+)?(?:fin|final|fines|finales|ultimo\s+dia)\s+del?\s+mes\b'
)
_MONTH_END += rf'(?P<next>\s+{_NEXT})?|\bend of (?:the )?month\b'
_NEXT_MONTH = rf'\bmes\s+{_NEXT}\b|\bproximo\s+mes\b|\bnext month\b'
_NEXT_MONTH += r'|\b(?:principios?|inicios?|primeros)\s+(?:dias\s+)?del?\s+mes\b'

_SHARED = (
    (_ISO, _full),
    (_DMY, _full),
    (_LONG_YEAR, _full),
)
_FUTURE = _table(
    *_SHARED,
    (_DM, _year_day),
    (_LONG, _year_day),
    (rf'{_LEAD}\b{_DAY}\s+de(?:l)?\s+(?:mes\s+{_NEXT}|(?:el\s+)?proximo\s+mes)\b', _next_month_day),
    (_NUMBER, _month_day),
    (rf'{_DAY_OF_WEEK}\s+de\s+la\s+(?:semana\s+{_NEXT}|proxima\s+semana)\b', _weekday_of_next_week),
    (rf'{_DAY_OF_WEEK}(?:\s+{_NEXT})?', _weekday),
    (r'\bpasado\s+manana\b|\bday after tomorrow\b', _days_on(2)),
    (r'(?<!la )(?<!esta )\bmanana\b|\btomorrow\b', _days_on(1)),
    (rf'{_IN}\s+(?:dias?|days?)\b', _counted(1)),
    (rf'{_IN}\s+(?:semanas?|weeks?)\b', _counted(7)),
    (rf'{_IN}\s+(?:mes(?:es)?|months?)\b', lambda match, today: _add_months(today, _count(match))),
    (_MONTH_END, _month_end_named),
    (r'\b(?:fin de semana|finde|weekend)\b', lambda _match, today: next_weekday(today, 5)),
    (rf'\b(?:(?:en|para|a|el|la)\s+)*(?P<next>proxima\s+)?quincena(?:\s+{_NEXT})?\b', _fortnight),
    (
        rf'\bsemana\s+{_NEXT}\b|\bproxima\s+semana\b|\bnext week\b',
        lambda _match, today: next_weekday(today, 0),
    ),
    (_NEXT_MONTH, lambda _match, today: _add_months(today.replace(day=1), 1)),
    (r'\bhoy\b(?:\s+mismo\b)?|\btoday\b', _days_on(0)),
)
_PAST = _table(
    *_SHARED,
    (_DM, _last_year_day),
    (_LONG, _last_year_day),
    (_NUMBER, _last_month_day),
    (rf'{_DAY_OF_WEEK}(?:\s+pasado)?', _last_weekday),
    (r'\b(?:anteayer|antier|antes de ayer)\b', _days_on(-2)),
    (r'\b(?:ayer|anoche|yesterday)\b', _days_on(-1)),
    (rf'{_AGO}\s+dias?\b', _counted(-1)),
    (rf'{_AGO}\s+semanas?\b', _counted(-7)),
    (r'\bhoy\b|\bhace\s+un\s+rato\b|\brecien\b|\btoday\b', _days_on(0)),
)
