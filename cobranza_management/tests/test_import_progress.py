"""A long import shows how far it is while somebody watches."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .import_common import ImportCommon
from .live_common import LiveCommon


@tagged('post_install', '-at_install')
class TestImportProgress(LiveCommon, ImportCommon, HttpCase):
    def test_the_page_follows_an_import_to_its_end(self):
        module = 'odoo.addons.cobranza_management.models'
        rows = [f'20;Ana;;F-{n};;31/10/2026;;;10' for n in (1, 2)]
        imported = self._import(*rows)
        with patch(f'{module}.cobranza_import.AT_ONCE', 0):
            imported.action_book()
        self.assertEqual(imported.state, 'running')
        Import = self.env.registry['cobranza.import']
        read, looks = Import.read, []

        # each time the page looks, the import has come further
        def _look(records, names=None, load='_classic_read'):
            if names == ['progress', 'state']:
                looks.append(records.ids)
                records.sudo()._book_chunk()
            return read(records, names, load)

        # reading is given a cursor that cannot write
        _look._readonly = False

        with patch(f'{module}.cobranza_import_book.CHUNK', 1), patch.object(Import, 'read', _look):
            self.start_tour(
                f'/odoo/collection-imports/{imported.id}',
                'cobranza_import_progress',
                login=self.importer.login,
            )
        self.assertEqual(imported.state, 'done')
        self.assertLessEqual(len(looks), 3, 'it stops looking when there is nothing to see')
