"""Actions: the list, the page of one, and its own tabs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.permissions import MEMBER
from essaim.guide.engine import setting_in_words
from essaim.journal.models import Action
from essaim.journeys.forms.parcours import PartnerEndForm, PartnerForm
from essaim.journeys.forms.settings import SettingForm
from essaim.journeys.operations import PartnerPlan, add_partner, change_setting, end_partner
from essaim.journeys.permissions import may_accompany, may_launch, may_steer
from essaim.journeys.queries import (
    Funnel,
    count_places,
    get_funnel_for,
    is_partner_seeing_people,
    keep_state,
    keep_titled,
    list_actions_for,
    list_differences,
    list_editions_for,
    list_partners_of,
    list_setting_rows,
    practice_of,
    prescribing_refusal,
)
from essaim.journeys.views.finding import find_action, find_partner, require
from essaim.journeys.views.participants import read_participants
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.context import allowed_url, is_allowed
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count, short_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import compose, panel
from essaim.kernel.setting_fields import initial_of
from essaim.kernel.tables import Column, Empty, Filter, Table


def _places(action: Action) -> str:
    taken: int | None = action.taken  # type: ignore[attr-defined]
    if taken is None:
        return count(action.places, "place") if action.places else ""
    return f"{taken} sur {action.places}" if action.places else str(taken)


def _state(action: Action) -> str:
    day = today()
    if action.is_imported:
        return "importée"
    return "à venir" if action.starts > day else "terminée" if action.ends < day else "en cours"


def _url(action: Action) -> str:
    return bilan_url(action) if action.is_imported else reverse("journeys:action", args=[action.ref])


ACTIONS = Table(
    name="actions",
    noun="action",
    columns=(
        Column("title", "Action", "title", sort=("title",), link=_url, sub=lambda action: action.practice.title),
        Column("organisation", "Portée par", lambda action: getattr(action.organisation, "name", "")),
        Column("starts", "Début", "starts", sort=("starts",), show=short_day),
        Column("ends", "Fin", "ends", sort=("ends",), show=short_day),
        Column("places", "Places", _places, sort=("taken",), is_number=True),
        Column("state", "État", _state, show=capfirst),
    ),
    order="-starts",
    search=keep_titled,
    search_label="Filtrer par titre",
    filters=(
        Filter(
            "etat",
            "État",
            "Tous les états",
            (("running", "En cours"), ("coming", "À venir"), ("over", "Terminées")),
            keep_state,
        ),
    ),
    empty=Empty(
        "Aucune action pour l’instant",
        "Choisissez une fiche du guide et lancez-la sur votre territoire : ses étapes, ses réglages et ses"
        " indicateurs arrivent avec elle.",
        "/guide/",
        "Choisir une fiche",
    ),
)


@access(MEMBER)
def action_list(request: MemberRequest) -> HttpResponse:
    """The actions that the viewer's organisation carries or takes part in, and the imported ones."""
    table = ACTIONS.read(request.GET, list_actions_for(request.membership))
    if table.export_format:
        return table.export()
    orientations = allowed_url(request, "journeys:prescription_list")
    context = {
        "table": table,
        "may_launch": may_launch(request.membership),
        "others": [("Mes orientations", orientations)] if orientations else [],
    }
    return render(request, "journeys/action_list.html", context)


@access(MEMBER)
def action(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of an action: places, path, participants, and the tabs of the instruments."""
    subject = find_action(request, ref)
    if subject.is_imported and bilan_url(subject):
        return redirect(bilan_url(subject))
    partner = is_partner_seeing_people(request.membership, subject)
    accompanies = may_accompany(request.membership, subject, is_partner_seeing_people=partner)
    participants = read_participants(request, subject, follows=accompanies)
    if participants.export_format:
        return participants.export()
    funnel = get_funnel_for(request.membership, subject)
    context = {
        "action": subject,
        "practice": practice_of(subject),
        "state": _state(subject),
        "summary": count_places(subject) if funnel else None,
        "stages": _stages(funnel) if funnel else [],
        "table": participants,
        "deeds": _deeds(request, subject, accompanies=accompanies, has_bilan=funnel is not None),
        "page": compose(request, "action", ref, subject, own=("vue", "Vue d’ensemble")),
        "editions": list_editions_for(request.membership, subject),
        "differences": list_differences(subject),
    }
    return render(request, "journeys/action.html", context)


@access(MEMBER)
@panel("journeys:action", "settings")
def settings(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the settings and of what changed since the launch."""
    subject = find_action(request, ref)
    labels = practice_of(subject).choice_labels
    rows = [
        {
            "setting": row.setting,
            "words": setting_in_words(row.setting, row.value, labels.get(row.setting.key)),
            "changes": [
                (change, setting_in_words(row.setting, change.old_value, labels.get(row.setting.key)))
                for change in row.changes
            ],
        }
        for row in list_setting_rows(subject)
    ]
    context = {"action": subject, "rows": rows, "may_steer": may_steer(request.membership, subject)}
    return render(request, "journeys/_settings.html", context)


@access(MEMBER, methods=("GET", "POST"))
def setting(request: MemberRequest, ref: str, key: str) -> HttpResponse:
    """Give one setting another value."""
    subject = find_action(request, ref)
    practice = practice_of(subject)
    require(may_steer(request.membership, subject) and key in practice.settings)
    kind, labels = practice.settings[key], practice.choice_labels.get(key, {})
    initial = {"version": subject.version, key: initial_of(kind, subject.settings.get(key))}
    form = SettingForm(request.POST or None, setting=kind, choice_labels=labels, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            change_setting(
                action=subject, key=key, value=form.value, version=version, by=request.membership, now=timezone.now()
            )
            messages.success(request, "Le réglage est enregistré.")
            return redirect(_tab(subject, "settings"))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "journeys/setting.html", {"action": subject, "form": form, "setting": kind})


@access(MEMBER)
@panel("journeys:action", "partners")
def partners(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the partners."""
    subject = find_action(request, ref)
    context = {
        "action": subject,
        "partners": list_partners_of(subject),
        "may_steer": may_steer(request.membership, subject),
    }
    return render(request, "journeys/_partners.html", context)


@access(MEMBER, methods=("GET", "POST"))
def partner_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Let a structure join."""
    subject = find_action(request, ref)
    require(may_steer(request.membership, subject))
    form = PartnerForm(request.POST or None, viewer=request.membership)

    def make() -> str:
        plan = PartnerPlan(**{key: form.cleaned_data[key] for key in ("organisation", "role", "sees_people")})
        add_partner(action=subject, plan=plan, by=request.membership, now=timezone.now())
        return _tab(subject, "partners")

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "journeys/partner.html", {"action": subject, "form": form, "title": "Ajouter un partenaire"})


@access(MEMBER, methods=("GET", "POST"))
def partner_end(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """End a partnership."""
    subject = find_action(request, ref)
    require(may_steer(request.membership, subject))
    partner = find_partner(subject, pk)
    form = PartnerEndForm(request.POST or None, initial={"until": today()})
    if request.method == "POST" and form.is_valid():
        try:
            end_partner(partner=partner, on=form.cleaned_data["until"], by=request.membership, now=timezone.now())
            messages.success(request, "Le partenariat est terminé.")
            return redirect(_tab(subject, "partners"))
        except OperationError as error:
            apply_operation_error(form, error)
    title = f"Terminer le partenariat avec {partner.organisation}"
    return render(request, "journeys/partner.html", {"action": subject, "form": form, "title": title})


def _stages(funnel: Funnel) -> list[tuple[str, int]]:
    return [("Entrés", funnel.entered), ("Contrat signé", funnel.contracted), ("Sortis", funnel.left)]


def bilan_url(subject: Action) -> str:
    """The page of the bilan, of the app above; nothing while it is not there."""
    try:
        return reverse("steering:bilan", args=[subject.ref])
    except NoReverseMatch:
        return ""


def _deeds(
    request: MemberRequest, subject: Action, *, accompanies: bool, has_bilan: bool
) -> list[tuple[str, str, str]]:
    """What the reader may do from the head of the page (words, url, icon), what she most often does first."""
    may_prescribe = not prescribing_refusal(request.membership, subject, today())
    prescribe = reverse("journeys:prescribe", args=[subject.ref]) if may_prescribe else ""
    enrol = reverse("journeys:enrol", args=[subject.ref]) if accompanies else ""
    duplicate = reverse("journeys:duplicate", args=[subject.ref]) if may_steer(request.membership, subject) else ""
    deeds = [
        ("Inscrire quelqu’un", enrol, "plus"),
        ("Orienter quelqu’un", prescribe, "reply"),
        ("Bilan", _bilan_link(request, subject) if has_bilan else "", "chart"),
        ("Reprendre", duplicate, "rocket"),
    ]
    return [deed for deed in deeds if deed[1]]


def _bilan_link(request: MemberRequest, subject: Action) -> str:
    """The page of the bilan, for those whom its own view lets in."""
    url = bilan_url(subject)
    return url if url and is_allowed(request, url) else ""


def _tab(subject: Action, key: str) -> str:
    return f"{reverse('journeys:action', args=[subject.ref])}?onglet={key}"
