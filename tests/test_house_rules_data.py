"""House rules for views, data, access rights, manifests and translations."""

import ast
import csv
import re

import pytest
from repository import addons, catalogue, dotted, in_addons, name, nodes, xml

LANGUAGES = ('es', 'es_419')
VIEW_ID = re.compile(
    r'_view_(form|list|kanban|search|pivot|graph|calendar|activity|qweb)(_\w+)?$|_report_\w+|_template'
)
# (what to look for, what to write instead), as XPath over every XML file of an add-on
LEGACY_XML = {
    '//tree': '<list>',
    '//*[@attrs or @states]': 'invisible=, readonly=, required=',
    '//search//group[@expand or @string]': 'a bare <group>',
    '//*[@t-name="kanban-box"]': 't-name="card"',
    '//*[contains(concat(" ", @class, " "), " oe_chatter ")]': '<chatter/>',
    '//*[@t-esc or @t-raw]': 't-out',
    '//field[@name="groups_id"]': 'group_ids',
    '//field[@name="numbercall" or @name="doall"]': 'nothing',
    '//record[@model="res.groups"]/field[@name="category_id"]': 'privilege_id',
    '//record[@model="res.groups"]/field[@name="users"]': 'user_ids',
    '//field[@name="view_mode"][contains(., "tree")]': 'list',
    '//field[@name="arch"]//*[contains(@context, "active_id")]': 'id',
}
ID_RULES = {
    'ir.ui.view': VIEW_ID,
    'ir.actions.act_window': re.compile(r'_action(_\w+)?$'),
    'ir.actions.server': re.compile(r'_action(_\w+)?$'),
    'ir.actions.client': re.compile(r'_action(_\w+)?$'),
    'ir.cron': re.compile(r'^ir_cron_|_cron(_\w+)?$'),
    'ir.rule': re.compile(r'_rule(_\w+)?$'),
    'res.groups': re.compile(r'^group_'),
}


@pytest.mark.parametrize('path', LEGACY_XML)
def test_no_legacy_xml(path):
    found = [
        f'{name(file)}:{element.sourceline}: use {LEGACY_XML[path]}'
        for file in in_addons('.xml')
        for element in xml(file).xpath(path)
    ]
    assert not found


def test_xml_ids_follow_the_convention():
    found = []
    for file in in_addons('.xml'):
        root = xml(file)
        for record in root.iter('record'):
            rule = ID_RULES.get(record.get('model'))
            if rule and '.' not in record.get('id') and not rule.search(record.get('id')):
                found.append(f'{name(file)}:{record.sourceline} {record.get("id")}')
        for menu in root.iter('menuitem'):
            if 'menu' not in menu.get('id'):
                found.append(f'{name(file)}:{menu.sourceline} {menu.get("id")}')
    assert not found


def test_every_data_file_is_in_the_manifest():
    """A view file that no manifest names is never loaded, and nobody notices."""
    found = []
    for addon in addons():
        manifest = _manifest(addon)
        listed = {addon / file for key in ('data', 'demo') for file in manifest.get(key, ())}
        loaded = [
            path
            for path in in_addons('.xml', '.csv')
            if path.is_relative_to(addon) and 'static' not in path.parts
        ]
        found += [f'{name(path)} is not in the manifest' for path in loaded if path not in listed]
        found += [f'{name(path)} does not exist' for path in listed if not path.exists()]
    assert not found


@pytest.mark.parametrize('addon', addons(), ids=lambda path: path.name)
def test_manifest(addon):
    manifest = _manifest(addon)
    assert re.fullmatch(r'19\.0\.\d+\.\d+\.\d+', manifest['version'])
    assert manifest['license'] == 'LGPL-3'
    assert {'name', 'summary', 'author', 'category', 'depends'} <= set(manifest)
    assert (addon / 'static' / 'description' / 'icon.png').is_file()


def _manifest(addon):
    return ast.literal_eval((addon / '__manifest__.py').read_text(encoding='utf-8'))


def test_every_model_has_access_rules():
    granted = set()
    for file in in_addons('.csv'):
        if file.name == 'ir.model.access.csv':
            with file.open(encoding='utf-8', newline='') as lines:
                granted.update(row['model_id:id'].split('.')[-1] for row in csv.DictReader(lines))
    found = [
        f'{place} {model}'
        for place, model in _new_models()
        if f'model_{model.replace(".", "_")}' not in granted
    ]
    assert not found


def _new_models():
    """Yield ``(place, model name)`` of the stored and transient models the add-ons add."""
    for place, node in nodes(in_addons('.py'), ast.ClassDef):
        if not {dotted(base) for base in node.bases} & {'models.Model', 'models.TransientModel'}:
            continue
        values = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        model = _literal(values.get('_name'))
        inherited = _literal(values.get('_inherit')) or []
        if model and model not in ([inherited] if isinstance(inherited, str) else inherited):
            yield place, model


def _literal(node):
    return ast.literal_eval(node) if node else None


@pytest.mark.parametrize('addon', addons(), ids=lambda path: path.name)
@pytest.mark.parametrize('language', LANGUAGES)
def test_translation_is_complete(addon, language):
    terms = _terms(addon / 'i18n' / f'{addon.name}.pot')
    translated = catalogue(addon / 'i18n' / f'{language}.po')
    assert not [entry.msgid for entry in translated.untranslated_entries()]
    assert not [entry.msgid for entry in translated if entry.fuzzy]
    assert not [entry.msgid for entry in translated.obsolete_entries()]
    assert _terms(addon / 'i18n' / f'{language}.po') == terms


@pytest.mark.parametrize('addon', addons(), ids=lambda path: path.name)
@pytest.mark.parametrize('language', LANGUAGES)
def test_translation_keeps_placeholders(addon, language):
    placeholder = re.compile(r'%\(\w+\)[sdf]|%[sd]|\{\{.*?\}\}|\$\{.*?\}')
    found = [
        entry.msgid
        for entry in catalogue(addon / 'i18n' / f'{language}.po')
        if sorted(placeholder.findall(entry.msgid)) != sorted(placeholder.findall(entry.msgstr))
    ]
    assert not found


def _terms(path):
    return {(entry.msgctxt, entry.msgid) for entry in catalogue(path)}


def test_the_workbench_and_the_server_keep_the_same_keys_for_themselves():
    """An outcome with a key of the workbench would have none on the screen, and nobody would say so."""
    addon = next(folder for folder in addons() if folder.name == 'cobranza_management')
    screen = (addon / 'static/src/workbench/workbench_logic.js').read_text(encoding='utf-8')
    server = (addon / 'models/cobranza_outcome.py').read_text(encoding='utf-8')
    shown = set(re.search(r'RESERVED_KEYS = new Set\(\[\s*\.\.\."([^"]+)"', screen)[1])
    refused = set(re.search(r"_RESERVED_KEYS = frozenset\('(\w+)'\)", server)[1])
    assert {key for key in shown if key.isalpha()} == refused
