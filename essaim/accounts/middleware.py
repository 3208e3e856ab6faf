"""What every request goes through: session limits, membership, read audit, default deny, read-only GET."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from essaim.accounts.operations import record_reads
from essaim.accounts.permissions import AccountRequest
from essaim.accounts.queries import list_open_memberships
from essaim.kernel.access import AccessRule

logger = structlog.get_logger(__name__)

GetResponse = Callable[[Any], HttpResponse]
CHOSEN_ORGANISATION = "organisation"
SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class PermissionsPolicyMiddleware:
    """Say to the browser, on every answer, that no page uses the camera, the position and the like."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class SessionLimitsMiddleware:
    """End a session left idle, or older than a working day, and keep signed-in pages out of every cache."""

    # A page seen less than this ago does not write the session again.
    LAST_SEEN_STEP = timedelta(minutes=1)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        if signed_in and self.is_over(request):
            logout(request)
            messages.info(request, "Votre session a expiré. Reconnectez-vous pour continuer.")
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store"
        return response

    def is_over(self, request: HttpRequest) -> bool:
        now = timezone.now().timestamp()
        signed_in_at = request.session.setdefault(SIGNED_IN_AT, now)
        last_seen_at = request.session.setdefault(LAST_SEEN_AT, now)
        if now - signed_in_at > settings.SESSION_ABSOLUTE_LIMIT.total_seconds():
            return True
        if now - last_seen_at > settings.SESSION_IDLE_LIMIT.total_seconds():
            return True
        if now - last_seen_at > self.LAST_SEEN_STEP.total_seconds():
            request.session[LAST_SEEN_AT] = now
        return False


class CurrentMembershipMiddleware:
    """Set ``request.memberships`` (open ones) and ``request.membership`` (the chosen one, else the oldest).

    They are read from the database at each request: an ended membership gives no access at the next one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        request.memberships = list_open_memberships(request.user) if request.user.is_authenticated else []
        request.membership = next(iter(request.memberships), None)
        if request.memberships:
            chosen = request.session.get(CHOSEN_ORGANISATION)
            for membership in request.memberships:
                membership.user = request.user
                if membership.organisation_id == chosen:
                    request.membership = membership
        return self.get_response(request)


class ReadAuditMiddleware:
    """Write who opened which file, after the page is made and outside its read-only transaction."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        response = self.get_response(request)
        noted = getattr(request, "noted_reads", None)
        if noted and response.status_code < 400 and request.user.is_authenticated:
            record_reads(user=request.user, by=request.membership, reads=noted, now=timezone.now())
        return response


class DefaultDenyMiddleware:
    """Enforce the access rule of the view; a view without one is refused to everybody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rule: AccessRule | None = getattr(view, "access_rule", None)
        if rule is None:
            logger.error("view_without_access_rule", view=f"{view.__module__}.{view.__name__}")
            return refuse(request)
        if rule.is_public:
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return None if rule.test(request) else refuse(request)


class ReadOnlyMiddleware:
    """Run reading requests in a READ ONLY transaction: a page cannot write, whatever it calls.

    Innermost, so that the session and the read audit are written outside. The transaction is always rolled
    back: there is nothing to commit, and a page that failed on a database error leaves a clean connection.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING_METHODS:
            return self.get_response(request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response


def _page_around(request: HttpRequest) -> str:
    """Return the path of the page that asked for a fragment, nothing when the browser does not say it."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return urlunsplit(("", "", page.path, page.query, ""))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page, which comes back here if this was a page to read, or to the page of a fragment."""
    url = reverse("accounts:sign_in")
    is_fragment = bool(request.headers.get("HX-Request"))
    if request.method in READING_METHODS:
        here = _page_around(request) if is_fragment else ""
        url = f"{url}?{urlencode({'next': here or request.get_full_path()})}"
    if is_fragment:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/refused.html", status=403)
