"""What an action does otherwise than its fiche, and its next edition, here or elsewhere."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import MEMBER, rule_for_roles
from essaim.guide.engine import PracticeFile
from essaim.guide.models import Practice
from essaim.guide.queries import get_practice, missing_instruments, practice_file
from essaim.journal.models import Action
from essaim.journeys.forms.editions import EditionForm
from essaim.journeys.operations import LaunchRefused, duplicate_action
from essaim.journeys.permissions import ROLES_LAUNCHING, may_steer
from essaim.journeys.queries import carry_over, list_differences, practice_of
from essaim.journeys.views.finding import find_action, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel

DUPLICATES = rule_for_roles("responsable, conseil ou pilote", ROLES_LAUNCHING)


@access(DUPLICATES, methods=("GET", "POST"))
def duplicate(request: MemberRequest, ref: str) -> HttpResponse:
    """Take an action over into a new edition or on another territory."""
    source = find_action(request, ref)
    require(may_steer(request.membership, source) and not source.is_imported)
    practice = _practice_in_force(source)
    if practice is None or missing_instruments(practice):
        return render(request, "journeys/duplicate.html", {"action": source})
    carried = carry_over(source, practice, today=today())
    form = EditionForm(
        request.POST or None, carried=carried, source=source, practice=practice, viewer=request.membership
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_duplicate_once(request, source, form))
        except LaunchRefused as refusal:
            form.show_refusal(refusal)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "journeys/duplicate.html", {"action": source, "form": form, "carried": carried})


@access(MEMBER)
@panel("journeys:action", "differences")
def differences(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of what the action does otherwise than its fiche."""
    subject = find_action(request, ref)
    context = {
        "action": subject,
        "practice": practice_of(subject),
        "differences": list_differences(subject),
        "may_steer": may_steer(request.membership, subject),
    }
    return render(request, "journeys/_differences.html", context)


def _practice_in_force(source: Action) -> PracticeFile | None:
    try:
        return practice_file(get_practice(source.practice.slug))
    except Practice.DoesNotExist:
        return None


def _duplicate_once(request: MemberRequest, source: Action, form: EditionForm) -> str:
    now = timezone.now()

    def make() -> str:
        action = duplicate_action(source=source, arguments=form.arguments, by=request.membership, now=now)
        return reverse("journeys:action", args=[action.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
