"""The exception every operation raises when it refuses, with a message fit for the person who asked."""


class OperationError(Exception):
    """A refusal in plain French.

    ``message`` is shown as it is. ``field`` names the form field it is about, so that the page puts it beside
    that field; without it the message goes to the top of the form. Each operation raises its own subclass.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return self.message
