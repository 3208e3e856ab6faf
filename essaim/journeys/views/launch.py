"""From a fiche of the guide to an action on a territory."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import SIGNED_IN, rule_for_roles
from essaim.guide.engine import group_missing
from essaim.guide.models import Practice
from essaim.guide.queries import get_practice, missing_instruments, practice_file
from essaim.journeys.forms.launch import LaunchForm
from essaim.journeys.operations import LaunchRefused, launch_action
from essaim.journeys.permissions import ROLES_LAUNCHING
from essaim.journeys.queries import count_launching_organisations
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel

LAUNCHES = rule_for_roles("responsable, conseil ou pilote", ROLES_LAUNCHING)


@access(LAUNCHES, methods=("GET", "POST"))
def launch(request: MemberRequest, slug: str) -> HttpResponse:
    """Launch this practice."""
    practice = _find_practice(slug)
    definition = practice_file(practice)
    start = today() + timedelta(days=1)
    initial = {"title": definition.title, "starts": start, "ends": start + timedelta(days=364)}
    form = LaunchForm(request.POST or None, practice=definition, viewer=request.membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_launch_once(request, practice, form))
        except LaunchRefused as refusal:
            form.show_refusal(refusal)
        except OperationError as error:
            apply_operation_error(form, error)
    missing = group_missing(missing_instruments(definition))
    context = {
        "form": form,
        "practice": definition,
        "missing": missing,
        "missing_count": sum(len(group.labels) for group in missing),
        "can_launch": definition.steps and not missing,
    }
    return render(request, "journeys/launch.html", context)


@access(SIGNED_IN)
@panel("guide:practice", "launches")
def launches(request: HttpRequest, slug: str) -> HttpResponse:
    """How many organisations launched this practice here: a line of its page."""
    return render(request, "journeys/_launches.html", {"quantity": count_launching_organisations(slug)})


def _find_practice(slug: str) -> Practice:
    try:
        return get_practice(slug)
    except Practice.DoesNotExist:
        raise Http404 from None


def _launch_once(request: MemberRequest, practice: Practice, form: LaunchForm) -> str:
    now = timezone.now()

    def make() -> str:
        action = launch_action(
            practice=practice,
            organisation=request.membership.organisation,
            by=request.membership,
            now=now,
            **form.arguments,
        )
        return reverse("journeys:action", args=[action.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
