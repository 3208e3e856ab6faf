"""What every page of the shell needs: the navigation of this reader, her organisations, the search box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

PHONE_ENTRIES = 4  # the fifth place of the bottom bar is « Plus »


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place of the navigation, lit by every page whose address begins with its own.

    ``apps`` are the URL namespaces that light it wherever their pages live: a bilan belongs to « Pilotage ».
    ``pages`` are names of other pages, whose addresses light it too: an orientation is part of « Actions ».
    ``unless`` is a page that stands in for this one when the reader may use it. ``counter`` is the URL name of the
    fragment that counts what waits there, fetched once the page is shown.
    """

    key: str
    label: str
    icon: str
    url_name: str
    apps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    unless: str = ""
    counter: str = ""


NAVIGATION = (
    NavEntry("home", "Accueil", "home", "web:home", unless="web:todo"),
    NavEntry("todo", "À faire", "todo", "web:todo", counter="web:todo_count"),
    NavEntry("people", "Personnes", "people", "people:person_list", ("privacy",)),
    NavEntry(
        "actions",
        "Actions",
        "actions",
        "journeys:action_list",
        pages=("journeys:prescription_list", "journeys:hand_over_list"),
    ),
    NavEntry("companies", "Entreprises", "building", "employers:company_list"),
    NavEntry("agenda", "Agenda", "calendar", "agenda:home", pages=("agenda:caseloads", "agenda:room_list")),
    NavEntry("guide", "Guide", "book", "guide:catalogue"),
    NavEntry("steering", "Pilotage", "chart", "steering:home", ("steering",)),
    NavEntry("funded", "Pilotage", "chart", "steering:funded", ("steering",), unless="steering:home"),
)


ACCOUNT = (
    NavEntry("account", "Mon compte", "user", "accounts:account"),
    NavEntry("organisation", "Mon organisation", "building", "directory:organisation"),
    NavEntry("members", "Membres", "people", "accounts:organisation"),
    NavEntry("keeping", "Conservation", "shield", "privacy:keeping"),
)


@dataclass(frozen=True, slots=True)
class NavLink:
    key: str
    label: str
    icon: str
    url: str
    is_current: bool
    counter: str = ""


def url_of(name: str) -> str:
    """Return the address of a page that takes no argument, or an empty string while nobody has made it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def is_allowed(request: HttpRequest, url: str) -> bool:
    """Whether the rule declared by the page's own view lets this reader in: one truth for menus and pages."""
    rule = getattr(resolve(url).func, "access_rule", None)
    if rule is None:
        return False
    return rule.is_public or (request.user.is_authenticated and bool(rule.test(request)))


def allowed_url(request: HttpRequest, name: str) -> str:
    """Return the address of a page when it exists and this reader may use it, else an empty string."""
    url = url_of(name)
    return url if url and is_allowed(request, url) else ""


def list_links(request: HttpRequest, entries: tuple[NavEntry, ...] = NAVIGATION) -> list[NavLink]:
    """Return the places that exist and that this reader may use, the current one marked."""
    shown = [entry for entry in entries if not (entry.unless and allowed_url(request, entry.unless))]
    links = [(entry, url) for entry in shown if (url := allowed_url(request, entry.url_name))]
    here = _place_of(request, links)
    return [
        NavLink(
            entry.key, entry.label, entry.icon, url, entry.key == here, url_of(entry.counter) if entry.counter else ""
        )
        for entry, url in links
    ]


def _place_of(request: HttpRequest, links: list[tuple[NavEntry, str]]) -> str:
    """Return the key of the place that this page belongs to, or an empty string."""
    app = request.resolver_match.namespace if request.resolver_match else ""
    for entry, _ in links:
        if app in entry.apps:
            return entry.key
    begun = [
        (len(start), entry.key)
        for entry, url in links
        for start in (url, *filter(None, map(url_of, entry.pages)))
        if request.path == start or (start != "/" and request.path.startswith(start))
    ]
    return max(begun, default=(0, ""))[1]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The navigation is worked out only when a template asks for it."""
    return {
        "shell_nav": lambda: list_links(request),
        "shell_account": lambda: list_links(request, ACCOUNT),
        "shell_membership": getattr(request, "membership", None),
        "shell_memberships": getattr(request, "memberships", ()),
        "shell_home_url": url_of("web:home") or "/",
        "shell_search_url": lambda: allowed_url(request, "web:search"),
        "shell_phone_slice": f":{PHONE_ENTRIES}",
        "shell_phone_rest": f"{PHONE_ENTRIES}:",
    }
