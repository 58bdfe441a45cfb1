"""The environment of the project: Odoo, Python, PostgreSQL, demo and tests.

``python3 -m dev help`` lists the commands; the Makefile only names them. Everything that
runs before the Python environment exists uses the standard library alone.
"""
