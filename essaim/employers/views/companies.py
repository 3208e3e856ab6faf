"""Companies: the list, the page of one, and what is known of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.directory.enums import Sector
from essaim.directory.models import Organisation
from essaim.directory.operations import create_organisation, update_organisation
from essaim.employers.forms.companies import CompanyProfileForm, EditContactForm, NewContactForm
from essaim.employers.forms.contracts import COMPANY_KINDS, EditCompanyForm, NewCompanyForm
from essaim.employers.models import CompanyContact
from essaim.employers.operations import add_contact, save_company_profile, update_contact
from essaim.employers.permissions import KNOWS_COMPANIES
from essaim.employers.queries import (
    end_of,
    get_company_for,
    get_company_profile_for,
    get_contact_for,
    list_applications_for,
    list_approaches_for,
    list_companies_named,
    list_contacts_for,
    list_contracts_for,
    list_known_companies_for,
    list_prospected_actions_for,
    may_edit_company,
    state_of,
)
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import short_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.french import keep_matching
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Filter, Table

LATEST_SHOWN = 12
OURS_ONLY = "Seule votre organisation lit ce qui est écrit ici."


def _url(company: Organisation) -> str:
    return reverse("employers:company", args=[company.ref])


def _marks(company: Any) -> str:
    return ", ".join(label for mark, label in MARKS if getattr(company, mark))


MARKS = [
    ("recruits_often", "recrute régulièrement"),
    ("signed_charter", "charte de la diversité"),
    ("is_key_account", "grand compte"),
]

COMPANIES = Table(
    name="entreprises",
    noun="entreprise",
    columns=(
        Column(
            "name",
            "Entreprise",
            "name",
            sort=("name_order",),
            link=_url,
            sub=lambda company: capfirst(company.get_kind_display()) if company.kind != "company" else "",
        ),
        Column(
            "sector",
            "Secteur",
            lambda company: company.get_sector_display(),
            sort=("sector", "name_order"),
            show=capfirst,
        ),
        Column("commune", "Commune", "commune.name", sort=("commune__name", "name_order")),
        Column("travel", "Trajet (min)", "travel_minutes", sort=("travel_minutes", "name_order"), is_number=True),
        Column("marks", "Repères", _marks, template="employers/_marks_cell.html"),
        Column("approached", "Dernière démarche", "last_approach", sort=("last_approach",), show=short_day),
        Column("siret", "SIRET", "siret", is_secondary=True),
        Column("signed", "Contrats suivis", "signed", sort=("signed",), is_number=True),
    ),
    order="name",
    search=lambda companies, words: keep_matching(companies, words, "name"),
    filters=(
        Filter("type", "Type", "Tous les types", COMPANY_KINDS, lambda rows, kind: rows.filter(kind=kind)),
        Filter("secteur", "Secteur", "Tous les secteurs", Sector.choices, lambda rows, one: rows.filter(sector=one)),
        Filter(
            "trajet",
            "Trajet",
            "Tous les trajets",
            [(str(minutes), f"à {minutes} min au plus") for minutes in (15, 30, 45, 60, 90)],
            lambda rows, minutes: rows.filter(travel_minutes__lte=int(minutes)),
        ),
        Filter("vise", "Repères", "Tous les repères", MARKS, lambda rows, mark: rows.filter(**{mark: True})),
    ),
    empty=Empty(
        "Aucune entreprise pour l’instant",
        "Celles qui embauchent, accueillent ou forment vos publics seront ici.",
        "/entreprises/nouvelle/",
        "Ajouter une entreprise",
    ),
)


@access(KNOWS_COMPANIES)
def company_list(request: MemberRequest) -> HttpResponse:
    """The companies of the instance, to filter, sort and export."""
    table = COMPANIES.read(request.GET, list_known_companies_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "employers/company_list.html", {"table": table})


@access(KNOWS_COMPANIES)
def company(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of a company: how to reach it, and the contracts of the people that the viewer sees."""
    subject = _find(request, ref)
    rows = [
        (contract, state_of(contract), end_of(contract))
        for contract in list_contracts_for(request.membership, company=subject)
    ]
    context = {
        "company": subject,
        "contracts": rows,
        "may_edit": may_edit_company(request.membership, subject),
        "profile": get_company_profile_for(request.membership, subject),
        "contacts": list(list_contacts_for(request.membership, subject)),
        "approaches": list(list_approaches_for(request.membership, company=subject)[:LATEST_SHOWN]),
        "applications": list(list_applications_for(request.membership, company=subject)[:LATEST_SHOWN]),
        "actions": list_prospected_actions_for(request.membership, today()),
    }
    return render(request, "employers/company.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def profile(request: MemberRequest, ref: str) -> HttpResponse:
    """What the reader's organisation knows of a company."""
    subject = _find(request, ref)
    known = get_company_profile_for(request.membership, subject)
    form = CompanyProfileForm(request.POST or None, profile=known)
    if request.method == "POST" and form.is_valid():
        try:
            version, by = form.cleaned_data["version"], request.membership
            save_company_profile(company=subject, facts=form.facts, version=version, by=by, now=timezone.now())
            messages.success(request, "C’est noté.")
            return redirect(_url(subject))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "company": subject, "title": "Ce que nous savons", "lead": OURS_ONLY}
    return render(request, "employers/company_part.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def contact_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Note someone to call in a company."""
    subject = _find(request, ref)
    form = NewContactForm(request.POST or None)

    def make() -> str:
        add_contact(company=subject, details=form.details, by=request.membership, now=timezone.now())
        messages.success(request, "L’interlocuteur est noté.")
        return _url(subject)

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "company": subject, "title": "Noter un interlocuteur", "lead": OURS_ONLY}
    return render(request, "employers/company_part.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def contact_edit(request: MemberRequest, ref: str, contact: str) -> HttpResponse:
    """Bring a contact up to date."""
    subject = _find(request, ref)
    try:
        known = get_contact_for(request.membership, subject, contact)
    except CompanyContact.DoesNotExist:
        raise Http404 from None
    form = EditContactForm(request.POST or None, contact=known)
    if request.method == "POST" and form.is_valid():
        try:
            has_left, version = form.cleaned_data["has_left"], form.cleaned_data["version"]
            by, now = request.membership, timezone.now()
            update_contact(contact=known, details=form.details, has_left=has_left, version=version, by=by, now=now)
            messages.success(request, "L’interlocuteur est à jour.")
            return redirect(_url(subject))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "company": subject, "title": f"Modifier {known.name}", "lead": OURS_ONLY}
    return render(request, "employers/company_part.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def create(request: MemberRequest) -> HttpResponse:
    """Add a company."""
    form = NewCompanyForm(request.POST or None)

    def make() -> str:
        return _url(create_organisation(by=request.membership, now=timezone.now(), **form.company))

    namesakes: list[Organisation] = []
    if request.method == "POST" and form.is_valid():
        namesakes = _namesakes(form)
        form.asks_whether_another = bool(namesakes)
        try:
            if not namesakes:
                key = form.cleaned_data["form_key"]
                return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "title": "Ajouter une entreprise", "namesakes": namesakes}
    return render(request, "employers/company_form.html", context)


def _namesakes(form: NewCompanyForm) -> list[Organisation]:
    if form.cleaned_data["siret"] or form.cleaned_data["is_another"]:
        return []
    return list_companies_named(form.cleaned_data["name"])


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Bring a company up to date."""
    subject = _find(request, ref)
    if not may_edit_company(request.membership, subject):
        raise Http404
    form = EditCompanyForm(request.POST or None, company=subject)
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(
                organisation=subject,
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
                **form.company,
            )
            messages.success(request, "L’entreprise est à jour.")
            return redirect(_url(subject))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "company": subject, "title": f"Modifier {subject.name}"}
    return render(request, "employers/company_form.html", context)


def _find(request: MemberRequest, ref: str) -> Organisation:
    try:
        return get_company_for(request.membership, ref)
    except Organisation.DoesNotExist:
        raise Http404 from None
