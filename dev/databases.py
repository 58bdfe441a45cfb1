"""Creating, copying and dropping databases together with their filestores."""

import os
import shutil
import subprocess

import psycopg2
from psycopg2 import sql

from .console import Problem
from .odoo_env import DATA_DIR

FILESTORES = DATA_DIR / 'filestore'


def connection_of(env):
    """Return the variables of *env* that say how to reach the server."""
    return {key: value for key, value in env.items() if key.startswith('PG')}


def execute(connection, query, *values, fetch=False):
    """Run one statement outside any transaction on the maintenance database.

    :param dict connection: the ``PG…`` variables of the server
    """
    try:
        session = psycopg2.connect(
            host=connection['PGHOST'],
            port=connection.get('PGPORT', 5432),
            user=connection.get('PGUSER'),
            password=connection.get('PGPASSWORD'),
            dbname='postgres',
        )
    except psycopg2.OperationalError as error:
        raise Problem(f'PostgreSQL cannot be reached: {str(error).strip()}') from error
    try:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if fetch else None
    finally:
        session.close()


def names(connection, prefix=''):
    """Return the databases whose name starts with *prefix*, oldest first."""
    query = 'SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid'
    return [row[0] for row in execute(connection, query, prefix, fetch=True)]


def exists(connection, name):
    """Tell whether the database exists."""
    return name in names(connection, name)


def drop(connection, name):
    """Drop a database, its sessions and its filestore; nothing happens when it is absent."""
    query = sql.SQL('DROP DATABASE IF EXISTS {} WITH (FORCE)').format(sql.Identifier(name))
    execute(connection, query)
    shutil.rmtree(FILESTORES / name, ignore_errors=True)


def rename(connection, old, new):
    """Rename a database and its filestore."""
    query = sql.SQL('ALTER DATABASE {} RENAME TO {}')
    shutil.rmtree(FILESTORES / new, ignore_errors=True)
    if (FILESTORES / old).is_dir():
        os.rename(FILESTORES / old, FILESTORES / new)
    execute(connection, query.format(sql.Identifier(old), sql.Identifier(new)))


def copy(connection, source, target):
    """Replace *target* by a copy of *source*.

    The files of a filestore are named after their content and never rewritten, so hard
    links are copies enough.
    """
    drop(connection, target)
    query = sql.SQL('CREATE DATABASE {} TEMPLATE {}')
    execute(connection, query.format(sql.Identifier(target), sql.Identifier(source)))
    if (FILESTORES / source).is_dir():
        shutil.copytree(FILESTORES / source, FILESTORES / target, copy_function=os.link)


def comment(connection, name):
    """Return the comment on a database: we note there what it was built from."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    rows = execute(connection, query, name, fetch=True)
    return rows[0][0] if rows else None


def set_comment(connection, name, text):
    """Note *text* on a database."""
    query = sql.SQL('COMMENT ON DATABASE {} IS %s').format(sql.Identifier(name))
    execute(connection, query, text)


def save(env, name, folder):
    """Write the database and its filestore into *folder*."""
    command = ['pg_dump', '-Fc', '-Z1', '-f', str(folder / 'database.dump'), name]
    subprocess.run(command, env=env, check=True, capture_output=True)
    if (FILESTORES / name).is_dir():
        shutil.copytree(FILESTORES / name, folder / 'filestore')


def restore(env, folder, name):
    """Create the database *name* from what :func:`save` wrote."""
    connection = connection_of(env)
    drop(connection, name)
    query = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    execute(connection, query.format(sql.Identifier(name)))
    command = ['pg_restore', '--no-owner', '-j2', '-d', name, str(folder / 'database.dump')]
    subprocess.run(command, env=env, check=True, capture_output=True)
    if (folder / 'filestore').is_dir():
        shutil.copytree(folder / 'filestore', FILESTORES / name)
