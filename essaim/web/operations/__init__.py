"""Writes of the composed pages: a line of « À faire » put off."""

from essaim.web.operations.snoozes import SnoozeRefused, cancel_snooze, snooze_line

__all__ = ["SnoozeRefused", "cancel_snooze", "snooze_line"]
