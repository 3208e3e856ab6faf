"""Each view says who may call it and how: ``@access(rule)`` or ``@access(rule, methods=("GET", "POST"))``.

A view without a rule is refused by the tests and at run time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """``words`` is the rule as `essaim routes` prints it; ``test`` answers for a signed-in request."""

    words: str
    test: Callable[[HttpRequest], bool]
    is_public: bool = False


PUBLIC = AccessRule("public", lambda request: True, is_public=True)


def access(rule: AccessRule, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare who may call a view, and with which methods.

    The default-deny middleware of ``accounts`` enforces the rule; an undeclared method answers 405 here. HEAD
    goes with GET. A view that receives a form says ``methods=("GET", "POST")`` or ``methods=("POST",)``. An
    address with a NUL names nothing that the database could hold: 404.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def declare(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed, render_to_string("405.html", request=request))
            if any("\x00" in str(part) for part in kwargs.values()):
                raise Http404
            return view(request, *args, **kwargs)

        checked.access_rule = rule  # type: ignore[attr-defined]
        checked.methods = methods  # type: ignore[attr-defined]
        return checked

    return declare
