"""Companies: the list, the page of one, and what is known of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.directory.models import Organisation
from essaim.directory.operations import create_organisation, update_organisation
from essaim.employers.forms.contracts import COMPANY_KINDS, EditCompanyForm, NewCompanyForm
from essaim.employers.permissions import KNOWS_COMPANIES
from essaim.employers.queries import (
    end_of,
    get_company_for,
    list_companies_for,
    list_contracts_for,
    may_edit_company,
    state_of,
)
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.french import keep_matching
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Filter, Table


def _url(company: Organisation) -> str:
    return reverse("employers:company", args=[company.ref])


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
        Column("siret", "SIRET", "siret", is_secondary=True),
        Column("signed", "Contrats suivis", "signed", sort=("signed",), is_number=True),
    ),
    order="name",
    search=lambda companies, words: keep_matching(companies, words, "name"),
    filters=(Filter("type", "Type", "Tous les types", COMPANY_KINDS, lambda rows, kind: rows.filter(kind=kind)),),
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
    table = COMPANIES.read(request.GET, list_companies_for(request.membership))
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
    context = {"company": subject, "contracts": rows, "may_edit": may_edit_company(request.membership, subject)}
    return render(request, "employers/company.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def create(request: MemberRequest) -> HttpResponse:
    """Add a company."""
    form = NewCompanyForm(request.POST or None)

    def make() -> str:
        return _url(create_organisation(by=request.membership, now=timezone.now(), **form.company))

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "employers/company_form.html", {"form": form, "title": "Ajouter une entreprise"})


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
