"""The catalogues hold the terms that the code and the views really have."""

import io

import polib
import pytest
from repository import addons, catalogue

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools.translate import trans_export


@pytest.mark.parametrize('addon', addons(), ids=lambda path: path.name)
def test_template_is_up_to_date(addon, database):
    """`make i18n` brings it up to date."""
    exported = io.BytesIO()
    with Registry(database).cursor(readonly=True) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        trans_export(None, [addon.name], exported, 'po', env)
    terms = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
    template = catalogue(addon / 'i18n' / f'{addon.name}.pot')
    assert not terms ^ {entry.msgid for entry in template}
