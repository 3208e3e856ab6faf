"""The `essaim` command."""


def main() -> int:
    return 0
