"""The book that `make demo` shows."""


def seed(env):
    """Fill the freshly initialised database of *env*."""
