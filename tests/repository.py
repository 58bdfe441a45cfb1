"""Reading this repository, for the tests that check it."""

import ast
import functools
import subprocess
from pathlib import Path

import polib
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
TEXT = {'.py', '.js', '.xml', '.scss', '.css', '.csv', '.md', '.po', '.pot', '.toml', '.txt'}
TEXT |= {'.sql', '.html', '.json', '.mjs', '.yaml', '.yml', '.lock', ''}


@functools.cache
def files():
    """Return the files of the repository, new ones included, ignored ones not."""
    command = [
        'git',
        '-c',
        'safe.directory=*',
        'ls-files',
        '--cached',
        '--others',
        '--exclude-standard',
        '-z',
    ]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = (ROOT / name for name in sorted(set(names.split('\0'))) if name)
    return [path for path in found if path.is_file()]


def name(path):
    """Return the path as a person would type it at the root."""
    return path.relative_to(ROOT).as_posix()


def text_files():
    """Return the files that people read."""
    return [path for path in files() if path.suffix in TEXT]


def addons():
    """Return the folders of the add-ons."""
    return sorted({path.parent for path in files() if path.name == '__manifest__.py'})


def in_addons(*suffixes, tests=False):
    """Return the add-ons' files with these suffixes, those of the tests only when asked."""
    roots = tuple(addons())
    return [
        path
        for path in files()
        if path.suffix in suffixes
        and any(path.is_relative_to(root) for root in roots)
        and (tests or 'tests' not in path.relative_to(ROOT).parts)
    ]


@functools.cache
def tree(path):
    """Return the parsed Python of *path*."""
    return ast.parse(path.read_text(encoding='utf-8'), str(path))


@functools.cache
def xml(path):
    """Return the parsed XML of *path*."""
    return etree.parse(str(path)).getroot()


def catalogue(path):
    """Return the translation catalogue at *path*."""
    assert path.is_file(), f'{name(path)} is missing: make i18n'
    return polib.pofile(str(path))


def nodes(paths, *kinds):
    """Yield ``(place, node)`` for every node of *kinds* in the Python files *paths*."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield f'{name(path)}:{getattr(node, "lineno", 1)}', node


def dotted(node):
    """Return ``a.b.c`` for a chain of names, with ``?`` for what is not a name."""
    if isinstance(node, ast.Attribute):
        return f'{dotted(node.value)}.{node.attr}'
    return node.id if isinstance(node, ast.Name) else '?'
