"""What import-linter cannot see: foreign keys by string, other apps' private modules, managers and writes."""

import ast
import re

import pytest
from django.apps import apps

from tests.architecture.source import PACKAGE, app_of, depth, module_files, python_files, tree_of, where

PUBLIC_MODULES = {"models", "enums", "queries", "operations", "permissions", "engine"}
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate"}


def essaim_models():
    return [model for model in apps.get_models() if model.__module__.startswith("essaim.")]


@pytest.mark.parametrize("model", essaim_models(), ids=lambda model: model.__name__)
def test_foreign_keys_point_downwards(model):
    for field in model._meta.get_fields():
        target = field.related_model if field.is_relation and field.concrete else None
        if target is None or not target.__module__.startswith("essaim."):
            continue
        ours, theirs = model._meta.app_label, target._meta.app_label
        assert ours == theirs or depth(theirs) > depth(ours), f"{model.__name__}.{field.name} remonte vers {theirs}"


def test_other_apps_are_used_through_their_public_modules():
    faults = []
    for path in python_files():
        app = app_of(path)
        if app in {"cli", "__main__.py"}:
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("essaim."):
                continue
            parts = node.module.split(".")
            modules = [parts[2]] if len(parts) > 2 else [alias.name for alias in node.names]
            if parts[1] in {app, "kernel"}:
                continue
            if not set(modules) <= PUBLIC_MODULES:
                faults.append(f"{where(path, node)} imports {node.module} ({', '.join(modules)})")
    assert not faults, "\n".join(faults)


def test_views_forms_and_tags_never_touch_managers():
    faults = [
        where(path, node)
        for path in module_files("views", "forms", "templatetags", "permissions", "urls", "instrument")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}
    ]
    assert not faults, "\n".join(faults)


def _model_names_by_app() -> dict[str, str]:
    return {model.__name__: model._meta.app_label for model in essaim_models()}


def test_models_are_written_in_their_own_operations():
    """``Model.objects.create`` and the like, only in the operations of the model's app (tests and migrations apart)."""
    owners, faults = _model_names_by_app(), []
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
                continue
            names = {child.id for child in ast.walk(node.func.value) if isinstance(child, ast.Name)}
            for name in names & owners.keys():
                in_operations = path in module_files("operations") and app_of(path) == owners[name]
                if not in_operations:
                    faults.append(f"{where(path, node)} writes {name}")
    assert not faults, "\n".join(faults)


def test_rows_are_saved_and_deleted_in_operations_only():
    allowed = set(module_files("operations", "migrations"))
    faults = []
    for path in python_files():
        if path in allowed or app_of(path) == "cli":
            continue
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            source = ast.unparse(node.func.value)
            if node.func.attr in {"save", "delete"} and not re.search(r"session|workbook|book|storage|cache", source):
                faults.append(where(path, node))
            if node.func.attr in {"update", "delete"} and ".objects" in source:
                faults.append(where(path, node))
    assert not faults, "\n".join(faults)


def test_no_signal_receivers():
    pattern = re.compile(r"@receiver|\.connect\(.*sender|post_save|pre_save|m2m_changed|post_delete|pre_delete")
    faults = [str(path) for path in python_files() if pattern.search(path.read_text())]
    assert not faults, "\n".join(faults)


def test_every_app_of_the_package_has_a_layer():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} - {"cli"}
    for app in folders:
        depth(app)
