"""What a command raises to end with exit code 1 and its reasons."""

from typing import Any


class CommandError(Exception):
    """The command cannot do what is asked: exit 1.

    ``message`` is printed on stderr; with ``--json``, ``document`` is printed on stdout instead, by default
    ``{"errors": [{"message": …}]}``.
    """

    def __init__(self, message: str, *, document: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.document = document if document is not None else {"errors": [{"message": message}]}
