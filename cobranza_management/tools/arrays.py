"""Lists of thousands of values on their way into a statement."""

import datetime
from decimal import Decimal


def array_literal(values):
    """Return the text of a PostgreSQL array, to be cast where it is used: `%s::int[]`.

    A Python list given as it is becomes `ARRAY[1, 2, …]`, every element of which PostgreSQL parses and plans as an
    expression of its own: five times slower than this text from some thousand values on.

    :param values: None, booleans, numbers, texts, dates and datetimes
    :raises TypeError: for values of another kind, whose text means nothing to PostgreSQL

    >>> array_literal([1, None, 2.5, True])
    '{1,NULL,2.5,true}'
    >>> print(array_literal(['a "b"', 'NULL', '']))
    {"a \\"b\\"","NULL",""}
    """
    return f'{{{",".join([_WRITTEN.get(type(value), _quote)(value) for value in values])}}}'


def _quote(value):
    """Return a value's text between quotes: commas, braces and the word NULL are then its own."""
    if not isinstance(value, (str, datetime.date, Decimal)):
        raise TypeError(f'{type(value).__name__} in an array')
    escaped = str(value).replace('\\', '\\\\').replace('"', '\\"')
    return f'"{escaped}"'


_WRITTEN = {
    type(None): lambda value: 'NULL',
    bool: lambda value: 'true' if value else 'false',
    int: str,
    float: repr,
}
