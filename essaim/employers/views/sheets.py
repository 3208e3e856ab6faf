"""The sheets of profiles shown to employers: agreements, editions, sendings, and the page employers open."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from essaim.accounts.permissions import MEMBER, WORKS_WITH_PEOPLE
from essaim.employers.forms.sheets import (
    AgreementForm,
    ConfirmSheetForm,
    EditSheetForm,
    NewSheetForm,
    SendSheetForm,
    SheetForm,
)
from essaim.employers.models import ProfileSheet
from essaim.employers.operations import (
    agree_to_sheet,
    close_sheet_links,
    create_sheet,
    send_sheet,
    update_sheet,
    withdraw_agreement,
)
from essaim.employers.permissions import KNOWS_COMPANIES
from essaim.employers.queries import (
    get_agreement_for,
    get_open_sheet,
    list_agreement_lines_for,
    list_agreements_for,
    list_cards_of,
    list_chosen_agreements,
    list_recipients_for,
    list_sendings_of,
    list_sheets_for,
    next_sheet_on,
    propose_card,
    sheet_document,
)
from essaim.employers.views.finding import find_enrolment, find_followed, find_prospected, find_sheet, follows
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.models import AnswerLink
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel
from essaim.kernel.pdf import render_pdf


@access(MEMBER)
@panel("journeys:action", "profiles")
def sheet_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of an action's profiles: editions, and who agrees to be shown."""
    action = find_prospected(request, ref)
    is_following = follows(request, action)
    context = {
        "action": action,
        "sheets": list(list_sheets_for(request.membership, action)),
        "lines": list_agreement_lines_for(request.membership, action, today()) if is_following else [],
        "is_following": is_following,
        "next_on": next_sheet_on(action),
    }
    return render(request, "employers/_sheets.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def agree(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Write with a person what she agrees to show employers."""
    enrolment = find_enrolment(request, find_followed(request, ref), parcours)
    agreement = get_agreement_for(request.membership, enrolment)
    proposed = propose_card(enrolment.person)
    form = AgreementForm(request.POST or None, agreement=agreement, proposed=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_agree_once(request, enrolment, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": enrolment.action, "enrolment": enrolment, "agreement": agreement, "form": form}
    return render(request, "employers/agreement.html", {**context, "back": _tab(enrolment.action)})


def _agree_once(request: MemberRequest, enrolment: Enrolment, form: AgreementForm) -> str:
    def make() -> str:
        agree_to_sheet(
            enrolment=enrolment,
            card=form.card,
            agreed_on=form.cleaned_data["agreed_on"],
            expires_on=form.cleaned_data["expires_on"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, f"L’accord de {enrolment.person.full_name} est gardé.")
        return _tab(enrolment.action)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def withdraw(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Withdraw an agreement, at the person's wish."""
    enrolment = find_enrolment(request, find_followed(request, ref), parcours)
    agreement = get_agreement_for(request.membership, enrolment)
    if agreement is None:
        raise Http404
    form = ConfirmSheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_agreement(agreement=agreement, by=request.membership, now=timezone.now())
            messages.success(request, "L’accord est retiré : son profil n’est plus montré.")
            return redirect(_tab(enrolment.action))
        except OperationError as error:
            apply_operation_error(form, error)
    consequences = [
        "Son profil quitte tout de suite les plaquettes que des employeurs lisent par leur lien.",
        "Il ne figurera sur aucune édition à venir, sauf nouvel accord.",
        "Un fichier déjà enregistré par un employeur ne peut pas être repris.",
    ]
    page = {"title": "Retirer l’accord", "lead": enrolment.person.full_name, "consequences": consequences}
    context = {"action": enrolment.action, "form": form, "back": _tab(enrolment.action)}
    return render(request, "employers/confirm.html", context | page)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def create(request: MemberRequest, ref: str) -> HttpResponse:
    """Prepare an edition: who is on it."""
    action = find_followed(request, ref)
    agreements = list(list_agreements_for(request.membership, action, today()))
    everyone = [str(one.pk) for one in agreements]
    initial = {"people": everyone, "title": f"Nos profils, {action.title}"[:120]}
    form = NewSheetForm(request.POST or None, agreements=agreements, initial=initial)

    def make() -> str:
        return _url(create_sheet(action=action, by=request.membership, now=timezone.now(), **_chosen(form)))

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "agreements": agreements, "back": _tab(action)}
    return render(request, "employers/sheet_form.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def edit(request: MemberRequest, ref: str, sheet: str) -> HttpResponse:
    """Change an edition not sent yet."""
    action, found = find_followed(request, ref), find_sheet(request, ref, sheet)
    agreements = list(list_agreements_for(request.membership, action, today()))
    kept = list_chosen_agreements(found)
    form = EditSheetForm(request.POST or None, agreements=agreements, sheet=found, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            version, by, now = form.cleaned_data["version"], request.membership, timezone.now()
            update_sheet(sheet=found, version=version, by=by, now=now, **_chosen(form))
            messages.success(request, "L’édition est à jour.")
            return redirect(_url(found))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "agreements": agreements, "sheet": found, "back": _url(found)}
    return render(request, "employers/sheet_form.html", context)


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def sheet(request: MemberRequest, ref: str, sheet: str) -> HttpResponse:
    """An edition: what employers read, to whom it was sent, to whom it may be."""
    found = find_sheet(request, ref, sheet)
    # Sent twice, the same form leads to the same page: what it says must still be among the choices.
    recipients = list_recipients_for(request.membership, found, with_sent=request.method == "POST")
    form = SendSheetForm(request.POST or None, recipients=recipients)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_send_once(request, found, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "sheet": found,
        "action": found.action,
        "cards": list_cards_of(found, today()),
        "sendings": list(list_sendings_of(found)),
        "silent": [one.company for one in recipients if not one.email],
        "form": form,
        "is_following": follows(request, found.action),
        "back": _tab(found.action),
    }
    return render(request, "employers/sheet.html", context)


def _send_once(request: MemberRequest, sheet: ProfileSheet, form: SendSheetForm) -> str:
    def make() -> str:
        sent = send_sheet(sheet=sheet, companies=form.chosen, by=request.membership, now=timezone.now())
        words = "à un employeur" if len(sent) == 1 else f"à {len(sent)} employeurs"
        messages.success(request, f"La plaquette part {words}.")
        return _url(sheet)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


@access(KNOWS_COMPANIES)
def sheet_pdf(request: MemberRequest, ref: str, sheet: str) -> HttpResponse:
    """The printed sheet, as employers would read it today."""
    return _pdf(find_sheet(request, ref, sheet))


@access(KNOWS_COMPANIES, methods=("GET", "POST"))
def close_links(request: MemberRequest, ref: str, sheet: str) -> HttpResponse:
    """Close the links of an edition."""
    found = find_sheet(request, ref, sheet)
    form = ConfirmSheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        close_sheet_links(sheet=found, by=request.membership, now=timezone.now())
        messages.success(request, "Les liens de cette édition sont fermés.")
        return redirect(_url(found))
    context = {
        "title": "Fermer les liens",
        "lead": found.title,
        "action": found.action,
        "form": form,
        "back": _url(found),
        "consequences": ["Les employeurs qui l’ont reçue ne peuvent plus l’ouvrir."],
    }
    return render(request, "employers/confirm.html", context)


@never_cache
@access(PUBLIC)
def open_sheet(request: HttpRequest, token: str) -> HttpResponse:
    """The page an employer opens by the link received: no account, no name."""
    try:
        found = get_open_sheet(token, now=timezone.now())
    except (AnswerLink.DoesNotExist, ProfileSheet.DoesNotExist):
        return render(request, "employers/sheet_closed.html", status=404)
    return render(request, "employers/sheet_open.html", {"open": found, "token": token})


@never_cache
@access(PUBLIC)
def open_sheet_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The printed sheet behind an employer's link, without those who withdrew since."""
    try:
        found = get_open_sheet(token, now=timezone.now())
    except (AnswerLink.DoesNotExist, ProfileSheet.DoesNotExist):
        return render(request, "employers/sheet_closed.html", status=404)
    return _pdf(found.sheet)


def _pdf(sheet: ProfileSheet) -> HttpResponse:
    content = render_pdf("employers/profiles_sheet", sheet_document(sheet, on=today()))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="profils-{sheet.edition_on:%Y-%m-%d}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _chosen(form: SheetForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {"title": data["title"], "edition_on": data["edition_on"], "agreements": form.chosen}


def _url(sheet: ProfileSheet) -> str:
    return reverse("employers:sheet", args=[sheet.action.ref, sheet.ref])


def _tab(action: Action) -> str:
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=profiles"
