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


@dataclass(frozen=True, slots=True)
class Composed:
    """What a page shows: ``heads`` under its title, ``tabs`` as (label, url, is_current, count), the open
    ``body``.

    ``body`` is empty when the page draws the open tab itself.
    """

    tabs: list[tuple[str, str, bool, int | None]]
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
    under the title, always. Unknown tabs open the first.
    """
    viewer = getattr(request, "membership", None)
    allowed = [each for each in panels_of(slot) if _is_allowed(request, each, ref, viewer, subject)]
    tabbed = [each for each in allowed if each.label]
    keys = ([own[0]] if own else []) + [each.key for each in tabbed]
    asked = request.GET.get(TAB, "")
    current = asked if asked in keys else (keys[0] if keys else "")
    tabs: list[tuple[str, str, bool, int | None]] = []
    if own:
        tabs.append((own[1], _address(request, "" if own else current), current == own[0], None))
    for each in tabbed:
        quantity = each.count(viewer, subject) if each.count else None
        tabs.append((each.label, _address(request, each.key), each.key == current, quantity))
    opened = next((each for each in tabbed if each.key == current), None)
    return Composed(
        tabs=tabs,
        heads=[_draw(request, each, ref) for each in allowed if not each.label],
        body=_draw(request, opened, ref) if opened else SafeString(""),
        current=current,
    )


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
