from tests.journal.operations.conftest import instruments, load, practice

__all__ = ["instruments", "load", "practice"]
