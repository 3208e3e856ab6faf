"""What the pages of a parcours look for; forbidden and unknown answer alike."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from essaim.accounts.models import Membership
from essaim.accounts.permissions import note_read
from essaim.journeys.models import Enrolment
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import is_partner_seeing_people
from essaim.journeys.views.finding import find_action, find_enrolment, require
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import CreateForm, Form, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.people.models import Person

Found = TypeVar("Found")


def find(request: MemberRequest, get: Callable[[Membership | None, str], Found], ref: str) -> Found:
    """The object that a query gives this reader."""
    try:
        return get(request.membership, ref)
    except ObjectDoesNotExist:
        raise Http404 from None


def find_followed(request: MemberRequest, ref: str, parcours: str) -> Enrolment:
    """A parcours of an action in which this reader follows people."""
    enrolment = find_enrolment(request, find_action(request, ref), parcours)
    require_follower(request, enrolment)
    return enrolment


def require_follower(request: MemberRequest, enrolment: Enrolment) -> None:
    """This reader follows people in the action of this parcours; that she opened the file is noted."""
    partner = is_partner_seeing_people(request.membership, enrolment.action)
    require(may_accompany(request.membership, enrolment.action, is_partner_seeing_people=partner))
    note_read(request, "person", enrolment.person.code)


def parcours_url(person: Person) -> str:
    """The tab of her parcours."""
    return f"{reverse('people:person', args=[person.code])}?onglet=parcours"


def url_above(name: str, *names: str) -> str:
    """A page of an app above, nothing while it is not there."""
    try:
        return reverse(name, args=names)
    except NoReverseMatch:
        return ""


def save_or_show(
    request: MemberRequest, form: Form, save: Callable[[], str], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Save a valid form once and go where ``save`` says, or show the page again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_saved(request, form, save))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, template, {"form": form} | context)


def _saved(request: MemberRequest, form: Form, save: Callable[[], str]) -> str:
    if not isinstance(form, CreateForm):
        return save()
    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=save)
