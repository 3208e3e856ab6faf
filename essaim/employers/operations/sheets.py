"""Writes of the sheets of profiles: people agree, an edition is made, chosen employers receive it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.employers.engine.cards import LENGTHS, MOST_CARDS, find_forbidden
from essaim.employers.enums import CardField, SheetState
from essaim.employers.models import ProfileCard, ProfileSheet, SheetAgreement, SheetSending
from essaim.employers.operations.approaches import require_prospecting
from essaim.employers.operations.companies import take_company
from essaim.employers.queries.sheets import (
    SHEET_LINK,
    SHEET_STEP,
    address_of,
    content_of,
    has_sheets,
    list_cards_of,
    valid_agreements,
)
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.enums import Channel
from essaim.kernel.errors import OperationError
from essaim.kernel.operations import create_answer_link, prepare_message, revoke_answer_links

LINK_DAYS = 60
LONGEST_AGREEMENT = timedelta(days=366)
LONGEST_TITLE = 120
NEVER_SHOWN = {
    "contact": "Pas de téléphone ni d’adresse : les employeurs répondent à l’équipe.",
    "age": "L’âge ne se montre pas aux employeurs.",
    "health": "La santé ne se montre pas aux employeurs.",
    "origin": "Le quartier et l’origine ne se montrent pas aux employeurs.",
    "name": "Le nom de famille ne se montre pas aux employeurs.",
}


class SheetRefused(OperationError):  # noqa: N818 - the words of the screen
    """An agreement or a sheet of profiles that cannot be written or sent so."""


@transaction.atomic
def agree_to_sheet(
    *,
    enrolment: Enrolment,
    card: Mapping[str, str],
    agreed_on: date,
    expires_on: date,
    by: Membership,
    now: datetime,
) -> SheetAgreement:
    """Keep what a person agrees to show employers, in her words, until a day. A former agreement ends.

    ``card``: the fields she chose, with their text (the first name is her own). Guarantees the row and one
    ``employers.sheet_agreed``, of the fil only. Refused (SheetRefused): someone who does not follow her, a practice
    without sheets, a parcours that is over, a protected person, nothing to show but a name, a text too long or telling
    what employers must not learn, a day in the future, more than a year.
    """
    require_prospecting(action=enrolment.action, enrolment=enrolment, by=by)
    _require_sheets(enrolment.action)
    if enrolment.state != EnrolmentState.OPEN:
        raise SheetRefused("Ce parcours est terminé.")
    if enrolment.person.is_protected:
        raise SheetRefused("Une personne protégée n’est jamais présentée aux employeurs.")
    texts = _checked_card(card, enrolment.person.last_name)
    if agreed_on > paris_day(now):
        raise SheetRefused("L’accord ne peut pas être dans l’avenir.", field="agreed_on")
    if not agreed_on < expires_on <= agreed_on + LONGEST_AGREEMENT:
        raise SheetRefused("L’accord vaut un an au plus.", field="expires_on")
    for former in enrolment.sheet_agreements.select_for_update().filter(withdrawn_at__isnull=True):
        _end(former, now)
    agreement = SheetAgreement.objects.create(
        enrolment=enrolment,
        fields=[field for field in CardField.values if field in card],
        card=texts,
        agreed_on=agreed_on,
        expires_on=expires_on,
        recorded_by=by.user,
    )
    _record_agreement("employers.sheet_agreed", agreement, agreed_on, by, now)
    return agreement


@transaction.atomic
def withdraw_agreement(*, agreement: SheetAgreement, by: Membership, now: datetime) -> SheetAgreement:
    """End an agreement at the person's wish: she leaves the drafts, and the sheets that employers read by link.

    Guarantees one ``employers.sheet_withdrawn``; links that show nobody any more are closed. Refused (SheetRefused):
    someone who does not follow her, already withdrawn.
    """
    require_prospecting(action=agreement.enrolment.action, enrolment=agreement.enrolment, by=by)
    agreement = SheetAgreement.objects.select_for_update().select_related("enrolment__action").get(pk=agreement.pk)
    if agreement.withdrawn_at is not None:
        raise SheetRefused("Cet accord est déjà retiré.")
    _end(agreement, now)
    _record_agreement("employers.sheet_withdrawn", agreement, paris_day(now), by, now)
    return agreement


@transaction.atomic
def create_sheet(
    *,
    action: Action,
    title: str,
    edition_on: date,
    agreements: Iterable[SheetAgreement],
    by: Membership,
    now: datetime,
) -> ProfileSheet:
    """Prepare an edition with the people chosen, in that order; nothing is sent.

    Refused (SheetRefused): someone who does not prospect for this action, a practice without sheets, no title, nobody
    or more than 20 people, someone without an agreement valid on the day of the edition, protected, or out.
    """
    require_prospecting(action=action, enrolment=None, by=by)
    _require_sheets(action)
    sheet = ProfileSheet(action=action, edition_on=edition_on, created_by=by.user, created_at=now)
    sheet.title = _checked_title(title)
    chosen = _checked_agreements(action, agreements, edition_on)
    sheet.save()
    _set_cards(sheet, chosen)
    return sheet


@transaction.atomic
def update_sheet(
    *,
    sheet: ProfileSheet,
    title: str,
    edition_on: date,
    agreements: Iterable[SheetAgreement],
    version: int,
    by: Membership,
    now: datetime,
) -> ProfileSheet:
    """Change an edition not sent yet. Refused as ``create_sheet``; once sent (SheetRefused); EditConflict."""
    require_prospecting(action=sheet.action, enrolment=None, by=by)
    sheet = check_version(sheet, version)
    if sheet.state == SheetState.SENT:
        raise SheetRefused("Cette édition est envoyée : préparez-en une autre.")
    sheet.title, sheet.edition_on = _checked_title(title), edition_on
    chosen = _checked_agreements(sheet.action, agreements, edition_on)
    sheet.save()
    sheet.cards.all().delete()
    _set_cards(sheet, chosen)
    return sheet


@transaction.atomic
def send_sheet(
    *, sheet: ProfileSheet, companies: Iterable[Organisation], by: Membership, now: datetime
) -> list[SheetSending]:
    """Send an edition to chosen employers: each gets by e-mail a link of its own, for 60 days, without account.

    Guarantees, for each, the row, one ``org_contacted`` (e-mail, information) and one message, never twice for an
    edition; the cards are frozen at the first sending, without those whose agreement ended since. Refused
    (SheetRefused): nobody chosen, nobody left to show, a company without address or that already received it.
    """
    require_prospecting(action=sheet.action, enrolment=None, by=by)
    sheet = ProfileSheet.objects.select_for_update(of=("self",)).select_related("action__organisation").get(pk=sheet.pk)
    chosen = list(dict.fromkeys(companies))
    if not chosen:
        raise SheetRefused("Choisissez au moins une entreprise.", field="companies")
    _freeze(sheet, paris_day(now))
    return [_send_one(sheet, company, by, now) for company in chosen]


@transaction.atomic
def close_sheet_links(*, sheet: ProfileSheet, by: Membership, now: datetime) -> int:
    """Close the links of an edition: employers read it no more. Return how many were open."""
    require_prospecting(action=sheet.action, enrolment=None, by=by)
    return revoke_answer_links(purpose=SHEET_LINK, subject_ref=sheet.ref, now=now)


def _require_sheets(action: Action) -> None:
    if not has_sheets(action):
        raise SheetRefused("La fiche de cette action ne prévoit pas de plaquette de profils.")


def _checked_card(card: Mapping[str, str], last_name: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, text in card.items():
        if key not in CardField.values:
            raise SheetRefused("Ce renseignement ne se montre pas aux employeurs.")
        if key == CardField.FIRST_NAME:
            continue
        tidy = " ".join(text.split())
        if not tidy or len(tidy) > LENGTHS[key]:
            raise SheetRefused(f"Écrivez {LENGTHS[key]} caractères au plus.", field=key)
        forbidden = find_forbidden(tidy, last_name)
        if forbidden:
            raise SheetRefused(NEVER_SHOWN[forbidden], field=key)
        texts[key] = tidy
    if CardField.TRADE not in texts:
        raise SheetRefused("Écrivez au moins le métier recherché.", field="trade")
    return texts


def _end(agreement: SheetAgreement, now: datetime) -> None:
    agreement.withdrawn_at = now
    agreement.save()
    agreement.cards.filter(sheet__state=SheetState.DRAFT).delete()
    for sheet in ProfileSheet.objects.filter(cards__agreement=agreement, state=SheetState.SENT):
        if not list_cards_of(sheet, paris_day(now)):
            revoke_answer_links(purpose=SHEET_LINK, subject_ref=sheet.ref, now=now)


def _checked_title(title: str) -> str:
    tidy = " ".join(title.split())
    if not tidy or len(tidy) > LONGEST_TITLE:
        raise SheetRefused(f"Écrivez un titre de {LONGEST_TITLE} caractères au plus.", field="title")
    return tidy


def _checked_agreements(action: Action, agreements: Iterable[SheetAgreement], on: date) -> list[SheetAgreement]:
    chosen = list(dict.fromkeys(agreements))
    if not 1 <= len(chosen) <= MOST_CARDS:
        raise SheetRefused(f"Choisissez de 1 à {MOST_CARDS} personnes.", field="people")
    allowed = valid_agreements(on).filter(enrolment__action=action, enrolment__state=EnrolmentState.OPEN)
    keys = set(allowed.values_list("pk", flat=True))
    if any(agreement.pk not in keys for agreement in chosen):
        raise SheetRefused("Une des personnes n’a pas d’accord valable à la date de l’édition.", field="people")
    return chosen


def _set_cards(sheet: ProfileSheet, agreements: list[SheetAgreement]) -> None:
    ProfileCard.objects.bulk_create(
        ProfileCard(sheet=sheet, agreement=agreement, rank=rank) for rank, agreement in enumerate(agreements, start=1)
    )


def _freeze(sheet: ProfileSheet, today: date) -> None:
    shown = list_cards_of(sheet, today)
    if not shown:
        raise SheetRefused("Plus personne n’est d’accord pour y figurer : préparez une autre édition.")
    if sheet.state == SheetState.SENT:
        return
    sheet.cards.exclude(pk__in=[card.pk for card, _ in shown]).delete()
    for card, _ in shown:
        card.content = content_of(card.agreement)
        card.save()
    sheet.state = SheetState.SENT
    sheet.version += 1
    sheet.save()


def _send_one(sheet: ProfileSheet, company: Organisation, by: Membership, now: datetime) -> SheetSending:
    take_company(company=company, name="", by=by, now=now)
    assert sheet.action.organisation is not None
    address = address_of(company, by.organisation)
    if not address:
        raise SheetRefused(f"Aucune adresse électronique n’est connue pour {company.name}.", field="companies")
    if sheet.sendings.filter(company=company).exists():
        raise SheetRefused(f"{company.name} a déjà reçu cette édition.", field="companies")
    expires_at = now + timedelta(days=LINK_DAYS)
    _, token = create_answer_link(purpose=SHEET_LINK, subject_ref=sheet.ref, expires_at=expires_at, now=now)
    link = f"{settings.PUBLIC_URL}{reverse('employers:open_sheet', args=[token])}"
    organisation = sheet.action.organisation
    words = {"sheet": sheet, "organisation": organisation, "link": link, "expires_at": expires_at, "by": by.user}
    prepare_message(
        business_key=f"{SHEET_LINK}:{sheet.ref}:{company.ref}",
        channel=Channel.EMAIL,
        recipient=address,
        subject=f"Profils à découvrir, par {organisation.name}"[:200],
        body=render_to_string("employers/mails/profiles_sheet.txt", words),
        about_kind=SHEET_LINK,
        about_ref=sheet.ref,
        holds_link=True,
        now=now,
    )
    return SheetSending.objects.create(
        sheet=sheet,
        company=company,
        recipient=address,
        sent_at=now,
        sent_by=by.user,
        fact=_record_sending(sheet, company, by, now),
    )


def _record_sending(sheet: ProfileSheet, company: Organisation, by: Membership, now: datetime) -> Fact:
    return record(
        "org_contacted",
        emitter=SHEET_STEP,
        action=sheet.action,
        at=paris_day(now),
        organisation=company,
        by=by,
        now=now,
        data={"mode": "email", "purpose": "information"},
    )


def _record_agreement(kind: str, agreement: SheetAgreement, on: date, by: Membership, now: datetime) -> None:
    record(
        kind,
        emitter="employers",
        action=agreement.enrolment.action,
        at=on,
        person=agreement.enrolment.person,
        by=by,
        now=now,
        data={"until": agreement.expires_on.isoformat()} if kind.endswith("agreed") else {},
    )
