"""How the architecture tests read the code: files, syntax trees, apps and their layers."""

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "essaim"


@cache
def layers() -> list[set[str]]:
    """The apps of each layer, highest first, as import-linter enforces them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract.get("containers") == ["essaim"])
    return [{name.strip(" ()") for name in row.split("|")} for row in rows]


def depth(app: str) -> int:
    """Rank of an app's layer: 0 is the highest."""
    return next(index for index, names in enumerate(layers()) if app in names)


def python_files(pattern: str = "**/*.py") -> list[Path]:
    return sorted(path for path in PACKAGE.glob(pattern) if "migrations" not in path.parts)


def module_files(*names: str) -> list[Path]:
    """The files of every app's modules so named, whether a file or a folder."""
    return [
        path
        for path in python_files()
        if len(path.relative_to(PACKAGE).parts) > 1
        and (
            path.relative_to(PACKAGE).parts[1] in names
            or path.relative_to(PACKAGE).parts[1].removesuffix(".py") in names
        )
    ]


def app_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
