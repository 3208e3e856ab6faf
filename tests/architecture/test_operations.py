"""Operations are keyword-only and documented; queries are documented; views stay short; files stay readable."""

import ast

import pytest

from tests.architecture.source import PACKAGE, ROOT, module_files, python_files, tree_of, where

LONGEST_FILE = 400
LONGEST_VIEW = 25
# What reads as its object: record("contract_signed", …), void_fact(signed, …).
POSITIONAL_IN_JOURNAL = {"record": "kind", "void_fact": "fact"}
# May only shrink.
LONGER_FILES: set[str] = set()


def public_functions(path):
    return [
        node
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize("path", module_files("operations"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_operations_are_keyword_only_and_documented(path):
    faults = []
    for function in public_functions(path):
        positional = [argument.arg for argument in function.args.posonlyargs + function.args.args]
        if path.relative_to(PACKAGE).parts[0] == "journal" and function.name in POSITIONAL_IN_JOURNAL:
            positional.remove(POSITIONAL_IN_JOURNAL[function.name])
        if positional:
            faults.append(f"{where(path, function)} {function.name}: {', '.join(positional)}")
        if not ast.get_docstring(function):
            faults.append(f"{where(path, function)} {function.name}: no docstring")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", module_files("queries", "engine"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_queries_and_engines_are_documented(path):
    faults = [
        f"{where(path, function)} {function.name}"
        for function in public_functions(path)
        if not ast.get_docstring(function)
    ]
    assert not faults, "\n".join(faults)


def test_views_are_short_functions():
    faults = []
    for path in module_files("views"):
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef):
                faults.append(f"{where(path, node)} {node.name} is a class")
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_VIEW:
                faults.append(f"{where(path, node)} {node.name}: {node.end_lineno - node.lineno + 1} lines")
    assert not faults, "\n".join(faults)


def test_files_stay_readable():
    longer = {
        str(path.relative_to(ROOT))
        for folder in ("essaim", "tests", "config", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > LONGEST_FILE
    }
    assert longer <= LONGER_FILES, f"too long: {sorted(longer - LONGER_FILES)}"
    assert longer >= LONGER_FILES, f"no longer too long, take off the list: {sorted(LONGER_FILES - longer)}"


def test_no_dumping_grounds():
    names = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}
    assert not [str(path) for path in python_files() if path.name in names]


def test_no_fiche_is_named_in_code():
    slugs = [path.stem.split("-", 1)[1] for path in (PACKAGE / "guide" / "data").glob("*.yaml")]
    assert slugs
    faults = [
        f"{path.relative_to(ROOT)} names {slug}"
        for path in python_files()
        for slug in slugs
        if slug in path.read_text()
    ]
    assert not faults, "\n".join(faults)
