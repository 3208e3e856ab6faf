"""The tab « Situation » of a file: barriers, skills, team, identifiers, former profiles."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import panel
from essaim.people.forms.situation import BarrierForm, IdentifierForm, LiftForm, SkillForm, TeamForm
from essaim.people.operations import (
    add_barrier,
    add_skill,
    add_team_member,
    end_team_member,
    lift_barrier,
    remove_identifier,
    remove_skill,
    set_identifier,
)
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import (
    get_barrier_for,
    get_identifier_for,
    get_skill_for,
    get_team_member_for,
    list_barriers_for,
    list_identifiers_for,
    list_profiles_for,
    list_skills_for,
)
from essaim.people.views.finding import add_part, find_own_person, find_person, tab_url

TAB = "situation"


@access(WORKS_WITH_PEOPLE)
@panel("people:person", TAB)
def situation(request: MemberRequest, code: str) -> HttpResponse:
    """The tab."""
    subject = find_person(request, code)
    context = {
        "person": subject,
        "is_referent_team": shows_sensitive(subject),
        "barriers": list_barriers_for(request.membership, subject),
        "skills": list_skills_for(request.membership, subject),
        "identifiers": list_identifiers_for(request.membership, subject),
        "profiles": list_profiles_for(request.membership, subject),
    }
    return render(request, "people/_situation.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def barrier_new(request: MemberRequest, code: str) -> HttpResponse:
    """Note a barrier."""
    subject = find_own_person(request, code)
    form, make = BarrierForm(request.POST or None), partial(add_barrier, person=subject)
    return add_part(request, subject, form, make, tab=TAB, title="Noter un frein", submit="Noter ce frein")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def barrier_lift(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """Say that a barrier is behind her."""
    try:
        barrier = get_barrier_for(request.membership, code, pk)
    except ObjectDoesNotExist:
        raise Http404 from None
    subject = find_own_person(request, code)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_barrier(barrier=barrier, on=form.cleaned_data["on"], by=request.membership, now=timezone.now())
            return redirect(tab_url(code, TAB))
        except OperationError as error:
            apply_operation_error(form, error)
    title = f"Frein levé : {barrier.get_kind_display()}"
    context = {"person": subject, "form": form, "title": title, "submit": "Enregistrer", "back": tab_url(code, TAB)}
    return render(request, "people/part_new.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def skill_new(request: MemberRequest, code: str) -> HttpResponse:
    """Note a skill."""
    subject = find_own_person(request, code)
    form, make = SkillForm(request.POST or None), partial(add_skill, person=subject)
    return add_part(request, subject, form, make, tab=TAB, title="Ajouter une compétence", submit="Ajouter")


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def skill_remove(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """Take a skill away."""
    try:
        skill = get_skill_for(request.membership, code, pk)
    except ObjectDoesNotExist:
        raise Http404 from None
    remove_skill(skill=skill, by=request.membership, now=timezone.now())
    messages.success(request, f"« {skill.label} » est retirée.")
    return redirect(tab_url(code, TAB))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def identifier_new(request: MemberRequest, code: str) -> HttpResponse:
    """Keep what another system calls her."""
    subject = find_person(request, code)
    form, make = IdentifierForm(request.POST or None), partial(set_identifier, person=subject)
    return add_part(request, subject, form, make, tab=TAB, title="Noter un identifiant", submit="Enregistrer")


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def identifier_remove(request: MemberRequest, code: str, system: str) -> HttpResponse:
    """Forget it."""
    try:
        identifier = get_identifier_for(request.membership, code, system)
    except ObjectDoesNotExist:
        raise Http404 from None
    remove_identifier(identifier=identifier, by=request.membership, now=timezone.now())
    messages.success(request, "L’identifiant est retiré.")
    return redirect(tab_url(code, TAB))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def team_new(request: MemberRequest, code: str) -> HttpResponse:
    """Add a colleague to those who follow her."""
    subject = find_own_person(request, code)
    form = TeamForm(request.POST or None, viewer=request.membership, person=subject)
    make = partial(add_team_member, person=subject)
    return add_part(request, subject, form, make, tab=TAB, title="Ajouter à l’équipe", submit="Ajouter à l’équipe")


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def team_end(request: MemberRequest, code: str, user: UUID) -> HttpResponse:
    """A colleague no longer follows her."""
    try:
        member = get_team_member_for(request.membership, code, user)
    except ObjectDoesNotExist:
        raise Http404 from None
    end_team_member(member=member, by=request.membership, now=timezone.now())
    messages.success(request, f"{member.user.full_name} ne fait plus partie de l’équipe.")
    return redirect(tab_url(code, TAB))
