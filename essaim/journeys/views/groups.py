"""The groups of an action, and its team."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import STEERS, WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.forms.intake import (
    ConfirmOnceForm,
    GroupCloseForm,
    GroupEditForm,
    GroupFields,
    GroupForm,
    MoveForm,
    StaffEndForm,
    StaffForm,
)
from essaim.journeys.models import Group, StaffMember
from essaim.journeys.operations import (
    assign_staff,
    close_group,
    create_group,
    create_proposed_groups,
    end_staff,
    move_to_group,
    update_group,
)
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries import (
    coordinates,
    entry_rules_of,
    get_group_for,
    get_staff_of,
    list_groups_of,
    list_staff_of,
)
from essaim.journeys.views.finding import find_action, find_enrolment, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import Form, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel


@access(STEERS)
@panel("journeys:action", "groups")
def groups(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the groups and of the team."""
    subject = find_action(request, ref)
    found = list(list_groups_of(subject, with_closed=True))
    context = {
        "action": subject,
        "rules": entry_rules_of(subject),
        "groups": found,
        "total": sum(group.places for group in found if group.closed_on is None),
        "staff": list_staff_of(subject),
        "may_steer": may_steer(request.membership, subject),
        "form": ConfirmOnceForm(),
        "day": today(),
    }
    return render(request, "journeys/_groups.html", context)


@access(STEERS, methods=("POST",))
def groups_propose(request: MemberRequest, ref: str) -> HttpResponse:
    """Open at once the groups that the practice starts with."""
    subject = _find_steered(request, ref)
    try:
        made = create_proposed_groups(action=subject, by=request.membership, now=timezone.now())
        messages.success(request, f"{len(made)} groupes sont ouverts. Donnez-leur leur nom et leur lieu.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect(_tab(subject))


@access(STEERS, methods=("GET", "POST"))
def group_new(request: MemberRequest, ref: str) -> HttpResponse:
    """A group more."""
    subject = _find_steered(request, ref)
    rules = entry_rules_of(subject)
    form = GroupForm(request.POST or None, initial={"places": rules.proposed_places})
    form.fill(request.membership, rules)

    def save(**given: Any) -> None:
        create_group(action=subject, by=request.membership, now=timezone.now(), **given)

    return _save(request, subject, form, save, "Ajouter un groupe")


@access(STEERS, methods=("GET", "POST"))
def group_edit(request: MemberRequest, ref: str, group: str) -> HttpResponse:
    """Its name, places, animateur, venue, dates."""
    subject = _find_steered(request, ref)
    found = _find_group(request, subject, group)
    names = [name for name in GroupFields.base_fields if name not in {"facilitator", "adds_places"}]
    initial = {name: getattr(found, name) for name in names}
    initial |= {"version": found.version, "facilitator": found.facilitator and found.facilitator.uuid}
    form = GroupEditForm(request.POST or None, initial=initial)
    form.fill(request.membership, entry_rules_of(subject))

    def save(**given: Any) -> None:
        update_group(group=found, by=request.membership, now=timezone.now(), **given)

    return _save(request, subject, form, save, f"Modifier «\u00a0{found.name}\u00a0»")


@access(STEERS, methods=("GET", "POST"))
def group_close(request: MemberRequest, ref: str, group: str) -> HttpResponse:
    """Nobody enters it any more."""
    subject = _find_steered(request, ref)
    found = _find_group(request, subject, group)
    form = GroupCloseForm(request.POST or None, initial={"version": found.version, "on": today()})

    def save(**given: Any) -> None:
        close_group(group=found, by=request.membership, now=timezone.now(), **given)

    return _save(request, subject, form, save, f"Fermer «\u00a0{found.name}\u00a0»")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def move(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Someone changes groups; her dates do not."""
    subject = find_action(request, ref)
    require(coordinates(request.membership, subject))
    enrolment = find_enrolment(request, subject, parcours)
    found, rules = list_groups_of(subject), entry_rules_of(subject)
    require(found.exists())
    initial = {"version": enrolment.version}
    form = MoveForm(request.POST or None, groups=found, rules=rules, initial=initial)

    def save(**given: Any) -> None:
        move_to_group(enrolment=enrolment, by=request.membership, now=timezone.now(), **given)

    title = f"Changer {enrolment.person.full_name} de {rules.group_word}"
    note = "Sa date d’entrée et son terme ne changent pas."
    return _save(request, subject, form, save, title, note=note)


@access(STEERS, methods=("GET", "POST"))
def staff_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Someone joins the team."""
    subject = _find_steered(request, ref)
    form = StaffForm(
        request.POST or None,
        viewer=request.membership,
        groups=list_groups_of(subject),
        rules=entry_rules_of(subject),
        initial={"starts": max(subject.starts, min(today(), subject.ends))},
    )

    def save(**given: Any) -> None:
        assign_staff(action=subject, by=request.membership, now=timezone.now(), **given)

    return _save(request, subject, form, save, "Ajouter quelqu’un à l’équipe")


@access(STEERS, methods=("GET", "POST"))
def staff_end(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """The last day of someone in a role."""
    subject = _find_steered(request, ref)
    try:
        member = get_staff_of(subject, pk)
    except StaffMember.DoesNotExist:
        raise Http404 from None
    form = StaffEndForm(request.POST or None, initial={"on": member.ends or today()})

    def save(**given: Any) -> None:
        end_staff(staff=member, by=request.membership, now=timezone.now(), **given)

    return _save(request, subject, form, save, f"Fin du rôle de {member}")


def _find_steered(request: MemberRequest, ref: str) -> Action:
    action = find_action(request, ref)
    require(may_steer(request.membership, action))
    return action


def _find_group(request: MemberRequest, action: Action, ref: str) -> Group:
    try:
        return get_group_for(request.membership, action, ref)
    except Group.DoesNotExist:
        raise Http404 from None


def _tab(action: Action) -> str:
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=groups"


def _save(
    request: MemberRequest, action: Action, form: Form, save: Callable[..., None], title: str, *, note: str = ""
) -> HttpResponse:
    """Save a form, once when it creates something, or show it with what was refused."""

    def create() -> str:
        given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}
        save(**given)
        messages.success(request, "C’est enregistré.")
        return _tab(action)

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data.get("form_key")
            if key is None:
                return redirect(create())
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=create))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "title": title, "note": note, "tab": "groups"}
    return render(request, "journeys/intake_form.html", context)
