"""Reads of the sheets of profiles: who agrees to be shown, editions, who received what."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.employers.engine.cards import LENGTHS, card_of
from essaim.employers.enums import SheetState
from essaim.employers.models import CompanyContact, ProfileCard, ProfileSheet, SheetAgreement, SheetSending
from essaim.employers.queries.companies import list_known_companies_for
from essaim.employers.queries.prospecting import prospected_actions
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import list_enrolments_for, settings_of, steps_of_kind
from essaim.kernel.days import paris_day
from essaim.kernel.formats import long_day
from essaim.kernel.queries import answer_link_for
from essaim.people.models import Person
from essaim.people.queries import get_profile, searchable_people

SHEET_STEP = "employers.profiles_sheet"
SHEET_LINK = "employers.profiles_sheet"


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Someone of the action, her agreement not withdrawn if there is one, and whether it still holds."""

    enrolment: Enrolment
    agreement: SheetAgreement | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A company that may receive a sheet, and the address it would go to; empty: none is known."""

    company: Organisation
    contact: str
    email: str


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet as an employer reads it by its link, until ``expires_at``."""

    sheet: ProfileSheet
    expires_at: datetime
    number: int


def has_sheets(action: Action) -> bool:
    """Whether the practice of the action shows profiles to employers."""
    return bool(steps_of_kind(action, SHEET_STEP))


def valid_agreements(on: date) -> QuerySet[SheetAgreement]:
    """The agreements that allow to show someone that day: neither withdrawn nor over, the person not protected and
    her file not merged, archived or erased.
    """
    return SheetAgreement.objects.filter(
        withdrawn_at__isnull=True,
        agreed_on__lte=on,
        expires_on__gte=on,
        enrolment__person__is_protected=False,
        enrolment__person__merged_into__isnull=True,
        enrolment__person__archived_at__isnull=True,
        enrolment__person__erased_at__isnull=True,
    ).exclude(enrolment__state=EnrolmentState.CANCELLED)


def get_agreement_for(viewer: Membership | None, enrolment: Enrolment) -> SheetAgreement | None:
    """Return the agreement of a parcours the viewer obtained that is not withdrawn, even when it is over."""
    return enrolment.sheet_agreements.filter(withdrawn_at__isnull=True).first() if viewer else None


def list_agreements_for(viewer: Membership | None, action: Action, on: date) -> QuerySet[SheetAgreement]:
    """Return the agreements valid that day of the people in the action whose file the viewer sees, by name."""
    return (
        valid_agreements(on)
        .filter(
            enrolment__action=action,
            enrolment__state=EnrolmentState.OPEN,
            enrolment__person__in=searchable_people(viewer).values("pk"),
        )
        .select_related("enrolment__person")
        .order_by("enrolment__person__search_key", "pk")
    )


def list_sheets_for(viewer: Membership | None, action: Action) -> QuerySet[ProfileSheet]:
    """Return the editions of an action with ``people`` and ``sent_to``, latest first, for who prospects for it."""
    return (
        ProfileSheet.objects.filter(action=action, action__in=prospected_actions(viewer).values("pk"))
        .select_related("action", "created_by")
        .defer("action__definition")
        .annotate(people=Count("cards", distinct=True), sent_to=Count("sendings", distinct=True))
        .order_by("-edition_on", "-pk")
    )


def get_sheet_for(viewer: Membership | None, action: Action, ref: str) -> ProfileSheet:
    """Return an edition of this action. Raises ProfileSheet.DoesNotExist when the viewer may not see it."""
    return list_sheets_for(viewer, action).get(ref=ref)


def list_cards_of(sheet: ProfileSheet, on: date) -> list[tuple[ProfileCard, dict[str, str]]]:
    """Return the cards of an edition and what each shows that day: those whose agreement was withdrawn or is over are
    left out, sent or not; once sent, the content is the one that was frozen.
    """
    cards = (
        sheet.cards.filter(agreement__in=valid_agreements(on).values("pk"))
        .select_related("agreement__enrolment__person")
        .order_by("rank", "pk")
    )
    return [(card, card.content or content_of(card.agreement)) for card in cards]


def content_of(agreement: SheetAgreement) -> dict[str, str]:
    """Return the card of an agreement as employers read it."""
    return card_of(agreement.card, first_name=agreement.enrolment.person.first_name, fields=agreement.fields)


def list_sendings_of(sheet: ProfileSheet) -> QuerySet[SheetSending]:
    """Return to whom an edition the viewer obtained was sent, latest first."""
    return sheet.sendings.select_related("company", "sent_by").order_by("-sent_at", "-pk")


def list_recipients_for(viewer: Membership | None, sheet: ProfileSheet, *, with_sent: bool = False) -> list[Recipient]:
    """Return the companies known by the viewer's organisation that did not receive this edition (``with_sent``: those
    that did too), those with an address first, key accounts and usual recruiters before the others.
    """
    known = Q(known_profiles__organisation=viewer.organisation_id if viewer else None)
    met = Q(approaches__action=sheet.action, approaches__cancelled_at__isnull=True)
    companies = (
        list_known_companies_for(viewer)
        .filter(known | met)
        .exclude(pk__in=sheet.sendings.none().values("company") if with_sent else sheet.sendings.values("company"))
        .distinct()
        .prefetch_related(
            Prefetch(
                "contacts",
                queryset=_reachable_contacts(viewer.organisation_id if viewer else None),
                to_attr="reachable_contacts",
            )
        )
    )
    found = [_recipient(company) for company in companies]
    return sorted(
        found,
        key=lambda one: (
            not one.email,
            not one.company.is_key_account,  # type: ignore[attr-defined]
            not one.company.recruits_often,  # type: ignore[attr-defined]
            one.company.name_order,  # type: ignore[attr-defined]
        ),
    )


def address_of(company: Organisation, organisation: Organisation) -> str:
    """Return where an organisation writes to a company: its first contact with an address, else the company's own."""
    contact = _reachable_contacts(organisation.pk).filter(company=company).first()
    return contact.email if contact else company.email


def get_open_sheet(token: str, *, now: datetime) -> OpenSheet:
    """Return the sheet behind an employer's link. Raises AnswerLink.DoesNotExist when the link is wrong, closed or
    over, ProfileSheet.DoesNotExist when nobody is shown on it any more.
    """
    link = answer_link_for(token, purpose=SHEET_LINK, now=now)
    sheet = ProfileSheet.objects.select_related("action__organisation", "created_by").get(
        ref=link.subject_ref, state=SheetState.SENT
    )
    number = len(list_cards_of(sheet, paris_day(now)))
    if not number:
        raise ProfileSheet.DoesNotExist
    return OpenSheet(sheet, link.expires_at, number)


def sheet_document(sheet: ProfileSheet, viewer: Membership | None = None, *, on: date) -> dict[str, Any]:
    """Return what the printed sheet says that day, as its template reads it. Nothing in it tells who a person is
    beyond the fields she agreed to.
    """
    organisation = sheet.action.organisation
    assert organisation is not None
    cards = [content for _, content in list_cards_of(sheet, on)]
    trades = sorted({card["trade"] for card in cards if card.get("trade")})
    return {
        "title": sheet.title,
        "organisation": organisation.name,
        "edition": long_day(sheet.edition_on),
        "printed": f"édition du {long_day(sheet.edition_on)}",
        "contact": sheet.created_by.full_name,
        "email": sheet.created_by.email,
        "phone": organisation.phone,
        "trades": trades,
        "cards": [{"number": rank, **card} for rank, card in enumerate(cards, start=1)],
    }


def _reachable_contacts(organisation: int | None) -> QuerySet[CompanyContact]:
    return (
        CompanyContact.objects.filter(organisation=organisation, left_on__isnull=True)
        .exclude(email="")
        .order_by("name", "pk")
    )


def _recipient(company: Any) -> Recipient:
    contact = next(iter(company.reachable_contacts), None)
    if contact is not None:
        return Recipient(company, contact.name, contact.email)
    return Recipient(company, "", company.email)


def next_sheet_on(action: Action) -> date | None:
    """Return the day by which the practice wants the next edition sent, None when it does not say."""
    every = next((settings_of(action, step.key)["every"] for step in steps_of_kind(action, SHEET_STEP)), None)
    if every is None:
        return None
    sent = action.profile_sheets.filter(state=SheetState.SENT).aggregate(last=Max("edition_on"))["last"]
    return (sent or action.starts) + timedelta(days=int(every))


def list_chosen_agreements(sheet: ProfileSheet) -> list[int]:
    """Return the keys of the agreements of an edition the viewer obtained."""
    return list(sheet.cards.values_list("agreement", flat=True))


def list_agreement_lines_for(viewer: Membership | None, action: Action, on: date) -> list[AgreementLine]:
    """Return the people of the action with the agreement of each, if any, by name: protected people are left out."""
    agreements = SheetAgreement.objects.filter(withdrawn_at__isnull=True)
    enrolments = (
        list_enrolments_for(viewer, action)
        .filter(state=EnrolmentState.OPEN, person__is_protected=False)
        .prefetch_related(Prefetch("sheet_agreements", queryset=agreements, to_attr="live_agreements"))
        .order_by("person__search_key", "pk")
    )
    lines = []
    for enrolment in enrolments:
        agreement = next(iter(enrolment.live_agreements), None)  # type: ignore[attr-defined]
        lines.append(AgreementLine(enrolment, agreement, bool(agreement and agreement.expires_on >= on)))
    return lines


def propose_card(person: Person) -> dict[str, str]:
    """Return what a person's file says that a card may show, to be reread with her: trade and skills sought."""
    profile = get_profile(person)
    skills = [skill.label for skill in person.skills.order_by("kind", "label", "pk")[:5]]
    proposed = {
        "trade": profile.sought_trade if profile else "",
        "skills": ", ".join(skills)[: LENGTHS["skills"]],
        "licence": "Permis B" if profile and profile.licence_since else "",
    }
    return {key: text for key, text in proposed.items() if text}


def may_read_sheets(viewer: Membership | None, action: Action) -> bool:
    """Whether the practice shows profiles and the viewer prospects for this action."""
    return has_sheets(action) and prospected_actions(viewer).filter(pk=action.pk).exists()
