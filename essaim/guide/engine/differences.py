"""What an action set differently from its fiche."""

from __future__ import annotations

from typing import Any


def is_adapted(value: Any, proposed: Any) -> bool:
    """Tell whether ``value`` says something else than what the fiche proposed. What is empty, unknown or not ticked
    where the fiche proposed nothing says nothing else.
    """
    return bool(_said(value) != _said(proposed))


def _said(value: Any) -> Any:
    if value is False or value in ("", [], ()):
        return None
    return list(value) if isinstance(value, tuple) else value
