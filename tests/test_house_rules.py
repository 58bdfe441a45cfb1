"""House rules for Python and for the repository as a whole.

Odoo 19 accepts much that no longer works, silently; these checks find it before a person
does. The ones for views, data and translations are in test_house_rules_data.py.
"""

import ast
import re
import subprocess
import sys

import pytest
import repository
from repository import ROOT, dotted, in_addons, name, nodes

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60

LEGACY_METHODS = {
    'name_get': '_compute_display_name',
    '_name_search': '_search_display_name or _rec_names_search',
    'fields_view_get': 'get_view',
}
LEGACY_CALLS = LEGACY_METHODS | {
    'read_group': '_read_group or formatted_read_group',
    'toggle_active': 'action_archive / action_unarchive',
    'check_access_rights': 'check_access / has_access',
    'check_access_rule': 'check_access / has_access',
    'user_has_groups': 'env.user.has_groups',
}
LEGACY_ATTRIBUTES = {'_cr': 'env.cr', '_uid': 'env.uid', '_context': 'env.context'}
LEGACY_NAMES = {'_sql_constraints': 'models.Constraint', 'SavepointCase': 'TransactionCase'}
LEGACY_STRINGS = {'groups_id': 'group_ids', 'numbercall': 'nothing', 'doall': 'nothing'}
LEGACY_IMPORTS = ('odoo.osv', 'odoo.tests.common.Form', 'odoo.registry')
LEGACY_OPERATORS = ('<>', '==')

UNFINISHED = re.compile(r'\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b')
SKIPPED = re.compile(r'@(?:unittest\.)?skip|pytest\.mark\.(?:skip|xfail)|\.skipTest\(')
HOST = re.compile(r'//(?:[^/@\s]*@)?([\w-]+(?:\.[\w-]+)+)')
MACHINE_PATH = re.compile(r'(?<![\w.~$}/-])/(?:root|work|home|Users|mnt|srv)/\w')


def python_files(tests=True):
    """Return the add-ons' Python files."""
    return in_addons('.py', tests=tests)


def all_python():
    """Return every Python file of the repository."""
    return [path for path in repository.files() if path.suffix == '.py']


def test_no_legacy_definition():
    found = [
        f'{place} {node.name}: use {LEGACY_METHODS[node.name]}'
        for place, node in nodes(python_files(), ast.FunctionDef)
        if node.name in LEGACY_METHODS
    ]
    assert not found


def test_no_legacy_call():
    found = [
        f'{place} {node.func.attr}(): use {LEGACY_CALLS[node.func.attr]}'
        for place, node in nodes(python_files(), ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in LEGACY_CALLS
    ]
    assert not found


def test_no_legacy_attribute():
    found = [
        f'{place} .{node.attr}: use .{LEGACY_ATTRIBUTES[node.attr]}'
        for place, node in nodes(python_files(), ast.Attribute)
        if node.attr in LEGACY_ATTRIBUTES
    ]
    assert not found


def test_no_legacy_name():
    found = [
        f'{place} {node.id}: use {LEGACY_NAMES[node.id]}'
        for place, node in nodes(python_files(), ast.Name)
        if node.id in LEGACY_NAMES
    ]
    assert not found


def test_no_legacy_field_name_in_a_string():
    found = [
        f'{place} {node.value}: use {LEGACY_STRINGS[node.value]}'
        for place, node in nodes(python_files(), ast.Constant)
        if node.value in LEGACY_STRINGS
    ]
    assert not found


def test_no_legacy_import():
    found = []
    for place, node in nodes(python_files(), ast.Import, ast.ImportFrom):
        module = f'{node.module}.' if isinstance(node, ast.ImportFrom) else ''
        names = [module + alias.name for alias in node.names]
        found += [f'{place} {one}' for one in names if one.startswith(LEGACY_IMPORTS)]
    assert not found


def test_no_legacy_keyword():
    found = []
    for place, node in nodes(python_files(), ast.Call):
        keywords = {word.arg: word.value for word in node.keywords}
        if 'group_operator' in keywords:
            found.append(f'{place} group_operator: use aggregator')
        kind = keywords.get('type')
        is_route = dotted(node.func).endswith('route')
        if is_route and isinstance(kind, ast.Constant) and kind.value == 'json':
            found.append(f"{place} type='json': use jsonrpc")
    assert not found


def test_no_legacy_domain_operator():
    found = [
        place
        for place, node in nodes(python_files(), ast.Tuple, ast.List)
        if len(node.elts) == 3
        and isinstance(node.elts[1], ast.Constant)
        and node.elts[1].value in LEGACY_OPERATORS
    ]
    assert not found


def test_transactions_are_left_to_odoo():
    """Crons report progress with _commit_progress; nothing else commits."""
    found = [
        place
        for place, node in nodes(python_files(tests=False), ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ('commit', 'rollback')
        and dotted(node.func.value).split('.')[-1] in ('cr', '_cr', 'cursor')
    ]
    assert not found


def test_sql_is_never_glued():
    """Queries are SQL objects or constants: values and names go in as parameters."""
    found = [
        place
        for place, node in nodes(python_files(), ast.Call)
        if _is_query(node.func) and node.args and _is_glued(node.args[0])
    ]
    assert not found


def _is_query(function):
    called = dotted(function).split('.')[-1]
    return called in ('execute', 'execute_values', 'execute_query', 'executemany', 'SQL')


def _is_glued(node):
    """Tell whether a text is put together from variable parts."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Mod, ast.Add))
    return isinstance(node, ast.Call) and dotted(node.func).endswith('.format')


def test_translated_texts_are_whole():
    """What is translated is the template; values go in as named arguments."""
    found = [
        f'{place} not a literal'
        for place, node in nodes(python_files(), ast.Call)
        if _translates(node) and node.args and not isinstance(node.args[0], ast.Constant)
    ]
    found += [
        f'{place} % after the translation'
        for place, node in nodes(python_files(), ast.BinOp)
        if isinstance(node.op, ast.Mod) and _translates(node.left)
    ]
    assert not found


def _translates(node):
    return isinstance(node, ast.Call) and dotted(node.func).split('.')[-1] in ('_', '_lt')


def test_deletion_rules_survive_uninstalling():
    found = [
        f'{place} use @api.ondelete(at_uninstall=False)'
        for place, node in nodes(python_files(tests=False), ast.FunctionDef)
        if node.name == 'unlink' and any(isinstance(part, ast.Raise) for part in ast.walk(node))
    ]
    assert not found


def test_pure_modules_do_not_know_odoo():
    """What lies in tools/ can be read, tested and reused without a database."""
    pure = [path for path in python_files(tests=False) if path.parent.name == 'tools']
    found = []
    for place, node in nodes(pure, ast.Import, ast.ImportFrom):
        module = node.module or '' if isinstance(node, ast.ImportFrom) else node.names[0].name
        if module.split('.')[0] == 'odoo':
            found.append(place)
    assert not found


def test_files_hold_one_idea():
    found = [
        f'{name(path)}: {lines} lines'
        for path in all_python()
        if (lines := len(path.read_text(encoding='utf-8').splitlines())) > MAX_FILE_LINES
    ]
    assert not found


def test_functions_fit_on_a_page():
    found = [
        f'{place} {node.name}: {length} lines'
        for place, node in nodes(all_python(), ast.FunctionDef, ast.AsyncFunctionDef)
        if (length := node.end_lineno - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert not found


def test_nothing_is_left_unfinished():
    found = _matches((UNFINISHED,), ('.py', '.js', '.mjs', '.xml', '.scss', '.sql'))
    assert not found


def test_nothing_is_skipped():
    found = _matches((SKIPPED,), ('.py',))
    assert not [line for line in found if not line.startswith('tests/test_house_rules.py')]


def test_no_path_of_one_machine():
    found = _matches((MACHINE_PATH,))
    assert not found


def test_no_host_of_a_package_registry():
    """Clients are configured outside: the repository works behind any mirror."""
    hosts = _registry_hosts()
    assert hosts, 'no client told its registry'
    found = _matches([re.compile(rf'(?<![\w.-]){re.escape(host)}') for host in hosts])
    assert not found


def _registry_hosts():
    """Return the hosts that the installed clients download packages from."""
    pip = (
        'from pip._internal.models.index import PyPI as index;'
        'print(f"//{index.netloc} //{index.file_storage_domain}")'
    )
    commands = (
        ['apt-get', 'indextargets', '--format', '$(SITE)'],
        ['npm', 'config', 'get', 'registry'],
        [sys.executable, '-m', 'pip', 'config', 'list'],
        [sys.executable, '-c', pip],
    )
    hosts = set()
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            continue
        hosts.update(HOST.findall(done.stdout))
    return sorted(hosts)


def _matches(patterns, suffixes=None):
    """Return the places in the repository's texts that match one of the patterns."""
    return [
        f'{name(path)}:{number}: {line.strip()[:100]}'
        for path in repository.text_files()
        if not suffixes or path.suffix in suffixes
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1)
        if any(pattern.search(line) for pattern in patterns)
    ]


@pytest.mark.parametrize('command', [['check'], ['format', '--check']], ids=['lint', 'format'])
def test_ruff_has_nothing_to_say(command):
    done = subprocess.run(
        [sys.executable, '-m', 'ruff', *command, '--no-cache', '--quiet', '.'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr


def test_continuous_integration_runs_the_same_command():
    assert 'make test' in (ROOT / '.ci' / 'run').read_text(encoding='utf-8')


def test_documented_targets_exist():
    makefile = (ROOT / 'Makefile').read_text(encoding='utf-8')
    targets = set(re.findall(r'^([a-z0-9-]+):', makefile, re.MULTILINE))
    documents = [path for path in repository.files() if path.suffix == '.md']
    found = [
        f'{name(path)}: make {target}'
        for path in documents
        for target in re.findall(r'`make ([a-z0-9-]+)', path.read_text(encoding='utf-8'))
        if target not in targets
    ]
    assert not found
