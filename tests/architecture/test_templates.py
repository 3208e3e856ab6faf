"""A template extends or includes only its own app's or the kernel's; every URL it names exists."""

import re

import pytest
from django.urls import get_resolver

from tests.architecture.source import PACKAGE, ROOT, python_files

TEMPLATES = sorted(path for path in PACKAGE.glob("*/templates/**/*.html"))
USED = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""")
URLS = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")


def url_names() -> set[str]:
    names = set()

    def walk(resolver, prefix):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif pattern.name:
                names.add(prefix + pattern.name)

    walk(get_resolver(), "")
    return names


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_use_their_own_app_or_the_kernel(path):
    app = path.relative_to(PACKAGE).parts[0]
    foreign = [name for name in USED.findall(path.read_text()) if name.split("/")[0] not in {app, "kernel"}]
    assert not foreign


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_url_of_a_template_exists(path):
    assert set(URLS.findall(path.read_text())) <= url_names()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


def test_every_template_is_used():
    sources = "\n".join(path.read_text() for path in [*TEMPLATES, *python_files()])
    unused = []
    for path in TEMPLATES:
        name = str(path.relative_to(PACKAGE / path.relative_to(PACKAGE).parts[0] / "templates"))
        if name not in sources and not re.fullmatch(r"\d{3}(_csrf)?\.html", name):
            unused.append(str(path.relative_to(ROOT)))
    assert not unused
