"""Errors that mean: somebody else was quicker. The same in a new transaction may well go through."""

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
    UniqueViolation,
)

CONFLICTS = (DeadlockDetected, LockNotAvailable, SerializationFailure, UniqueViolation)
#: Times one thing is begun again before it is left for the next run.
MOST_CONFLICTS = 10
