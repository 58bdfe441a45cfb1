"""What tests share that a browser takes part in: their clock runs."""

from unittest.mock import patch

from odoo import fields

from . import common


class _RunningClock:
    """Stands in for a frozen clock: a browser has its own time, and cookies end by it."""

    def __init__(self, _now):
        pass

    def start(self):
        return self

    def stop(self):
        pass

    def move_to(self, moment):
        pass


class LiveCommon:
    """Stands before the common class: the clock runs, and today is that of the company.

    It works west of Greenwich, where the day is yet that of before when UTC begins the next.
    """

    @classmethod
    def setUpClass(cls):
        with patch.object(common, 'freeze_time', _RunningClock):
            super().setUpClass()

    @classmethod
    def _day(cls, days=0):
        return fields.Date.add(cls.company._cobranza_today(), days=days)
