"""Each view says who may call it: ``@access(rule)``. A view without a rule is refused by the tests and at run time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AccessRule:
    """``words`` is the rule as `essaim routes` prints it; ``test`` answers for a signed-in request."""

    words: str
    test: Callable[[HttpRequest], bool]
    is_public: bool = False


PUBLIC = AccessRule("public", lambda request: True, is_public=True)


def access(rule: AccessRule) -> Callable[[View], View]:
    """Declare the access rule of a view. The default-deny middleware of ``accounts`` enforces it."""

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return declare
