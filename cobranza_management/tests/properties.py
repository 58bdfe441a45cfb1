"""Property tests here: the same examples every time, and patience with a busy machine."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

settings.register_profile(
    'cobranza', deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile('cobranza')

__all__ = ['given', 'st']
