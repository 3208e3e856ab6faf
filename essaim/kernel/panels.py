"""Pages composed by URL: the page of a person, a company or an action shows the parts that the apps above
register.

A panel is an ordinary view that draws a fragment. The page calls it where it stands, so that nothing is
asked of the browser's script; followed directly, its address leads to the page, opened on that part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.utils.safestring import SafeString, mark_safe

from essaim.kernel.contract import Panel
from essaim.kernel.instruments import panels_of

TAB = "onglet"

Tab = tuple[str, str, bool, int | None]


@dataclass(frozen=True, slots=True)
class Composed:
    """What a page shows: ``heads`` under its title, ``tabs`` as (label, url, is_current, count), the open
    ``body``.

    ``subtabs``, of the same shape, are the panels among which the open tab lets choose. ``body`` is empty when the
    page draws the open tab itself.
    """

    tabs: list[Tab]
    subtabs: list[Tab]
    heads: list[SafeString]
    body: SafeString
    current: str


def panel(page: str, key: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view a part of the page named ``page``: alone in the address bar, it leads to that page's tab
    ``key``.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, **names: str) -> HttpResponse:
            if getattr(request, "is_composing", False):
                return view(request, **names)
            query = request.GET.copy()
            query[TAB] = key
            return HttpResponseRedirect(f"{reverse(page, args=list(names.values()))}?{query.urlencode()}")

        return shown

    return wrap


def compose(request: HttpRequest, slot: str, ref: str, subject: Any, *, own: tuple[str, str] | None = None) -> Composed:
    """Return the tabs of a page and the open one's content, for what the reader may see.

    ``own`` is the (key, label) of a first tab that the page draws itself. A panel without label is drawn
    under the title, always. Panels of one group share a tab, where the first of them stands; it counts them
    together when they add up, and opens the first. Unknown tabs open the first.
    """
    viewer = getattr(request, "membership", None)
    allowed = [each for each in panels_of(slot) if _is_allowed(request, each, ref, viewer, subject)]
    tabbed = [each for each in allowed if each.label]
    keys = ([own[0]] if own else []) + [each.key for each in tabbed]
    asked = request.GET.get(TAB, "")
    current = asked if asked in keys else (keys[0] if keys else "")
    tabs: list[Tab] = []
    subtabs: list[Tab] = []
    if own:
        tabs.append((own[1], _address(request, ""), current == own[0], None))
    for name, panels in _grouped(tabbed):
        shown = [_tab(request, each, viewer, subject, current) for each in panels]
        adding = [tab for each, tab in zip(panels, shown, strict=True) if each.adds_up or len(panels) == 1]
        quantities = [quantity for *_, quantity in adding if quantity is not None]
        is_open = any(is_current for _, _, is_current, _ in shown)
        tabs.append((name, shown[0][1], is_open, sum(quantities) if quantities else None))
        if is_open and len(shown) > 1:
            subtabs = shown
    opened = next((each for each in tabbed if each.key == current), None)
    return Composed(
        tabs=tabs,
        subtabs=subtabs,
        heads=[_draw(request, each, ref) for each in allowed if not each.label],
        body=_draw(request, opened, ref) if opened else SafeString(""),
        current=current,
    )


def _grouped(panels: list[Panel]) -> list[tuple[str, list[Panel]]]:
    """The panels of each tab under its name; a group left with one panel bears that panel's label."""
    groups: dict[str, list[Panel]] = {}
    for each in panels:
        groups.setdefault(each.group or f" {each.key}", []).append(each)
    return [(found[0].group if len(found) > 1 else found[0].label, found) for found in groups.values()]


def _tab(request: HttpRequest, each: Panel, viewer: Any, subject: Any, current: str) -> Tab:
    quantity = each.count(viewer, subject) if each.count else None
    return each.label, _address(request, each.key), each.key == current, quantity


def _address(request: HttpRequest, key: str) -> str:
    return f"{request.path}?{urlencode({TAB: key})}" if key else request.path


def _is_allowed(request: HttpRequest, each: Panel, ref: str, viewer: Any, subject: Any) -> bool:
    rule = getattr(resolve(reverse(each.url, args=[ref])).func, "access_rule", None)
    may_call = rule is not None and rule.test(request)
    return may_call and (each.access is None or each.access(viewer, subject))


def _draw(request: HttpRequest, each: Panel, ref: str) -> SafeString:
    match = resolve(reverse(each.url, args=[ref]))
    request.is_composing = True  # type: ignore[attr-defined]
    try:
        response = match.func(request, *match.args, **match.kwargs)
    finally:
        request.is_composing = False  # type: ignore[attr-defined]
    return mark_safe(response.content.decode())  # noqa: S308 - rendered by our own template just now
