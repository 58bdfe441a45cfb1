"""Time zones and national holidays of a debtor's country."""

from functools import lru_cache

import holidays
import pytz

#: The zone most of a large country's people live in, where the first zone listed is another one.
MAIN_ZONES = {
    'AR': 'America/Argentina/Buenos_Aires',
    'AU': 'Australia/Sydney',
    'BR': 'America/Sao_Paulo',
    'CA': 'America/Toronto',
    'CL': 'America/Santiago',
    'EC': 'America/Guayaquil',
    'ES': 'Europe/Madrid',
    'MX': 'America/Mexico_City',
    'PT': 'Europe/Lisbon',
    'US': 'America/New_York',
}


@lru_cache(maxsize=512)
def time_zone(tz_name, country_code, default='UTC'):
    """Return the tzinfo of a debtor: its own zone, else its country's main one, else `default`.

    Its own counts only inside its country: Odoo gives a new contact the zone of whoever typed it in, and contact
    hours are the law where the debtor lives.

    >>> [str(time_zone(name, 'ES')) for name in (None, 'Atlantic/Canary', 'America/Lima')]
    ['Europe/Madrid', 'Atlantic/Canary', 'Europe/Madrid']
    >>> str(time_zone('America/Lima', None)), str(time_zone(None, None))
    ('America/Lima', 'UTC')
    """
    zones = pytz.country_timezones.get(country_code, ()) if country_code else ()
    name = tz_name
    if zones and tz_name not in zones:
        name = MAIN_ZONES.get(country_code) or zones[0]
    try:
        return pytz.timezone(name or default)
    except pytz.UnknownTimeZoneError:
        return pytz.timezone(default)


@lru_cache(maxsize=4096)
def holiday_name(country_code, day):
    """Return the name of the national holiday on `day` in its country's language, or None.

    >>> import datetime
    >>> holiday_name('CO', datetime.date(2026, 7, 20)) is not None
    True
    >>> holiday_name('CO', datetime.date(2026, 7, 21)), holiday_name(None, datetime.date(2026, 1, 1))
    (None, None)
    """
    if not country_code:
        return None
    calendar = _calendar(country_code, day.year)
    return calendar.get(day) if calendar else None


@lru_cache(maxsize=128)
def _calendar(country_code, year):
    try:
        return holidays.country_holidays(country_code, years=year)
    except NotImplementedError:  # a country the library does not know
        return None
