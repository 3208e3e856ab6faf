"""One module a command: ``HELP``, ``NEEDS_DATABASE``, ``configure(parser)``, ``run(options) -> int``.

The command of ``people_import.py`` is ``people-import``. A module may also set ``PREPARES_ITSELF = True``:
the frame then neither opens the database nor loads Django before ``run``.
"""
