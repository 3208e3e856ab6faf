"""The page of an invitation: reading shows, sending accepts."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from essaim.accounts.forms import RegistrationForm
from essaim.accounts.models import Invitation, Membership
from essaim.accounts.operations import InvitationClosedError, accept_invitation, register_invited
from essaim.accounts.permissions import AccountRequest
from essaim.accounts.queries import get_open_invitation, has_account
from essaim.accounts.views.sessions import next_page
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error

BACKEND = "django.contrib.auth.backends.ModelBackend"


@access(PUBLIC, methods=("GET", "POST"))
@never_cache
@sensitive_post_parameters()
def invitation(request: AccountRequest, token: str) -> HttpResponse:
    """One link, four readers: invited and signed in, signed in as someone else, known, new."""
    try:
        invited = get_open_invitation(token, timezone.now())
        if request.user.is_authenticated:
            return answer_as_user(request, invited, token)
        if has_account(invited):
            return render(request, "accounts/invitation_known.html", {"invitation": invited})
        return answer_as_newcomer(request, invited, token)
    except (Invitation.DoesNotExist, InvitationClosedError):
        return render(request, "accounts/link_closed.html", status=404)


def answer_as_user(request: AccountRequest, invited: Invitation, token: str) -> HttpResponse:
    if invited.email != request.user.email:
        return render(request, "accounts/invitation_other.html")
    if request.method == "POST":
        membership = accept_invitation(token=token, user=request.user, now=timezone.now())
        return welcome(request, membership)
    return render(request, "accounts/invitation.html", {"invitation": invited})


def answer_as_newcomer(request: AccountRequest, invited: Invitation, token: str) -> HttpResponse:
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {key: form.cleaned_data[key] for key in ("first_name", "last_name")}
        password = form.cleaned_data["new_password"]
        try:
            membership = register_invited(token=token, **names, password=password, now=timezone.now())
        except InvitationClosedError:
            raise
        except OperationError as error:
            apply_operation_error(form, error)
        else:
            login(request, membership.user, backend=BACKEND)
            return welcome(request, membership)
    return render(request, "accounts/invitation_new.html", {"form": form, "invitation": invited})


def welcome(request: AccountRequest, membership: Membership) -> HttpResponse:
    """Act for the organisation just joined."""
    request.session["organisation"] = membership.organisation_id
    messages.success(request, f"Bienvenue dans {membership.organisation}.")
    return next_page(request, "")
