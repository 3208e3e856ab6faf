"""Approaches to employers: logged in seconds, listed, followed up, set right."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.permissions import MEMBER
from essaim.employers.enums import ApproachAnswer, ApproachChannel
from essaim.employers.forms.prospecting import (
    GROUP,
    CorrectApproachForm,
    LogApproachForm,
    NextStepForm,
    company_initial,
)
from essaim.employers.models import Approach
from essaim.employers.operations import (
    cancel_approach,
    correct_approach,
    finish_next_step,
    log_approach,
    postpone_next_step,
)
from essaim.employers.permissions import KNOWS_COMPANIES
from essaim.employers.queries import (
    list_approaches_for,
    list_companies_like_for,
    list_contacts_like_for,
    list_suggestions_for,
    prospecting_rules,
)
from essaim.employers.views.finding import (
    find_approach,
    find_company,
    find_prospected,
    follows,
)
from essaim.journal.models import Action
from essaim.journeys.queries import list_enrolments_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import short_day
from essaim.kernel.forms import EditForm, apply_operation_error
from essaim.kernel.french import keep_matching
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel
from essaim.kernel.tables import Column, Empty, Filter, Table

NEXT_STATES = [("todo", "suite à faire"), ("late", "suite en retard")]


def _keep_next(rows: Any, state: str) -> Any:
    todo = rows.filter(next_on__isnull=False, next_done_at__isnull=True)
    return todo.filter(next_on__lt=today()) if state == "late" else todo


def _who(approach: Any) -> str:
    if approach.enrolment is None:
        return "Tout le groupe"
    return approach.enrolment.person.full_name if approach.is_person_shown else "Une personne du groupe"


def _next_url(approach: Approach) -> str:
    return reverse("employers:next_step", args=[approach.action.ref, approach.ref])


def _acts(approach: Any) -> list[tuple[str, str]]:
    if approach.enrolment is not None and not approach.is_person_shown:
        return []
    is_open = approach.next_on and approach.next_done_at is None
    args = [approach.action.ref, approach.ref]
    acts = [("Suite", _next_url(approach))] if is_open else []
    if approach.enrolment is not None:
        acts.append(("Candidature", f"{reverse('employers:apply', args=args[:1])}?demarche={approach.ref}"))
    return [*acts, ("Corriger", reverse("employers:correct_approach", args=args))]


APPROACHES = Table(
    name="démarches",
    noun="démarche",
    columns=(
        Column(
            "company",
            "Entreprise",
            "company.name",
            sort=("company__name",),
            link=lambda approach: reverse("employers:company", args=[approach.company.ref]),
        ),
        Column("made_on", "Le", "made_on", sort=("made_on",), show=short_day),
        Column("person", "Pour", _who),
        Column(
            "channel",
            "Comment",
            lambda approach: approach.get_channel_display(),
            show=capfirst,
            sub=lambda approach: "par elle-même" if approach.by_person else "",
        ),
        Column("answer", "Réponse", lambda approach: approach.get_answer_display(), show=capfirst),
        Column("next", "Suite", "next_on", sort=("next_on",), template="employers/_next_cell.html"),
    ),
    order="-made_on",
    search=lambda rows, words: keep_matching(rows, words, "company__name"),
    search_label="Filtrer par entreprise",
    filters=(
        Filter(
            "reponse",
            "Réponse",
            "Toutes les réponses",
            ApproachAnswer.choices,
            lambda rows, answer: rows.filter(answer=answer),
        ),
        Filter(
            "comment",
            "Comment",
            "Tous les moyens",
            ApproachChannel.choices,
            lambda rows, channel: rows.filter(channel=channel),
        ),
        Filter("suite", "Suite", "Toutes les suites", NEXT_STATES, _keep_next),
    ),
    actions=_acts,
    empty=Empty(
        "Aucune démarche pour l’instant", "Les employeurs contactés, par qui et avec quelle réponse, seront ici."
    ),
    is_exported=False,
)


@access(MEMBER)
@panel("journeys:action", "approaches")
def approach_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of an action's approaches, with the companies to approach."""
    action = find_prospected(request, ref)
    table = APPROACHES.read(request.GET, list_approaches_for(request.membership, action=action))
    context = {
        "action": action,
        "table": table,
        "files": [("CSV", table.url(format="csv")), ("Excel", table.url(format="xlsx"))],
        "suggestions": list_suggestions_for(request.membership, action, today()),
        "rules": prospecting_rules(action),
    }
    return render(request, "employers/_approaches.html", context)


@access(KNOWS_COMPANIES)
def approach_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The approaches of an action as a file, filtered as the list was."""
    action = find_prospected(request, ref)
    return EXPORTED.file(request.GET, list_approaches_for(request.membership, action=action))


EXPORTED = Table(
    name=APPROACHES.name,
    noun=APPROACHES.noun,
    columns=(
        *APPROACHES.columns[:5],
        Column("next_step", "Suite", lambda approach: approach.get_next_step_display()),
        Column("next_on", "Pour le", "next_on"),
        Column("next_done", "Faite", lambda approach: approach.next_done_at is not None),
    ),
    order=APPROACHES.order,
    empty=APPROACHES.empty,
    filters=APPROACHES.filters,
    search=APPROACHES.search,
)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def log(request: MemberRequest, ref: str) -> HttpResponse:
    """Note an approach: one short page, made for a phone."""
    action = find_prospected(request, ref)
    enrolments = list(list_enrolments_for(request.membership, action)) if follows(request, action) else []
    company = find_company(request, request.GET["entreprise"]) if request.GET.get("entreprise") else None
    asked = request.GET.get("parcours", "")
    known = next((one for one in enrolments if one.ref == asked), None)
    initial = {"participant": asked or GROUP, "by_person": bool(asked), **company_initial(company)}
    form = LogApproachForm(request.POST or None, enrolments=enrolments, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_log_once(request, action, form))
        except OperationError as error:
            form.asks_distance = error.field == "accepts_distance"
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "person": known and known.person, "back": _back(action, known)}
    context["contacts"] = list_contacts_like_for(request.membership, str(form["company_name"].value() or ""))
    return render(request, "employers/approach_form.html", context)


def _log_once(request: MemberRequest, action: Action, form: LogApproachForm) -> str:
    def make() -> str:
        plan = form.plan
        approach = log_approach(
            action=action,
            enrolment=form.enrolment,
            company=None,
            company_name=form.cleaned_data["company_name"],
            contact_name=form.cleaned_data["contact_name"],
            by=request.membership,
            now=timezone.now(),
            **{name: getattr(plan, name) for name in plan.__slots__},
        )
        messages.success(request, f"Démarche notée : {approach.company.name}.")
        return _back(action, form.enrolment)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def correct(request: MemberRequest, ref: str, approach: str) -> HttpResponse:
    """Set an approach right."""
    found = find_approach(request, ref, approach)
    is_ours = found.contact is not None and found.contact.organisation_id == request.membership.organisation_id
    initial = {"contact_name": found.contact.name} if found.contact and is_ours else {}
    form = CorrectApproachForm(request.POST or None, approach=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            correct_approach(
                approach=found,
                company_name=form.cleaned_data["company_name"],
                contact_name=form.cleaned_data["contact_name"] if "contact_name" in form.changed_data else None,
                plan=form.plan,
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, "La démarche est corrigée.")
            return redirect(_back(found.action, None))
        except OperationError as error:
            form.asks_distance = error.field == "accepts_distance"
            apply_operation_error(form, error)
    context = {"action": found.action, "approach": found, "form": form, "back": _back(found.action, None)}
    context["contacts"] = list_contacts_like_for(request.membership, found.company.name)
    return render(request, "employers/approach_form.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def cancel(request: MemberRequest, ref: str, approach: str) -> HttpResponse:
    """Cancel an approach noted by mistake."""
    found = find_approach(request, ref, approach)
    form = EditForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            cancel_approach(approach=found, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "La démarche est annulée.")
            return redirect(_back(found.action, None))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "title": "Annuler cette démarche",
        "lead": f"{found.company.name}, {found.get_channel_display()}",
        "action": found.action,
        "form": form,
        "back": _back(found.action, None),
        "consequences": ["Elle ne compte plus.", "Le fil garde la trace de ce qui était écrit."],
    }
    return render(request, "employers/confirm.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def next_step(request: MemberRequest, ref: str, approach: str) -> HttpResponse:
    """What comes after an approach: done, or for another day."""
    found = find_approach(request, ref, approach)
    form = NextStepForm(request.POST or None, approach=found)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _settle(request, found, form))
            return redirect(_back(found.action, None))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": found.action, "approach": found, "form": form, "back": _back(found.action, None)}
    context["may_apply"] = follows(request, found.action)
    return render(request, "employers/next_step.html", context)


def _settle(request: MemberRequest, approach: Approach, form: NextStepForm) -> str:
    version, on, by, now = form.cleaned_data["version"], form.cleaned_data["on"], request.membership, timezone.now()
    if "done" in request.POST or on is None:
        finish_next_step(approach=approach, version=version, by=by, now=now)
        return "C’est noté : la suite est faite."
    postpone_next_step(approach=approach, on=on, version=version, by=by, now=now)
    return "La suite est reportée."


@access(KNOWS_COMPANIES)
def company_names(request: MemberRequest) -> HttpResponse:
    """The known companies whose name holds what is being typed, as options of the field; with them the people to
    call there, when the form asks for one.
    """
    typed = request.GET.get("company_name", "")
    context: dict[str, Any] = {"companies": list_companies_like_for(request.membership, typed)}
    if "contact_name" in request.GET:
        context["contacts"] = list_contacts_like_for(request.membership, typed)
    return render(request, "employers/_company_names.html", context)


def _back(action: Action, enrolment: Any) -> str:
    if enrolment is not None:
        return f"{reverse('people:person', args=[enrolment.person.code])}?onglet=contracts"
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=approaches"
