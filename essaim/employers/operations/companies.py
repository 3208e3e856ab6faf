"""Writes of companies: what one organisation knows of them, and whom it calls there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind, OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.directory.operations import create_organisation
from essaim.employers.models import CompanyContact, CompanyProfile
from essaim.employers.permissions import knows_companies
from essaim.employers.queries.companies import list_companies_named
from essaim.employers.queries.contracts import EMPLOYING_KINDS
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

LONGEST_TRAVEL = 600  # minutes
NAMING_LOCK = 6_020_611


class CompanyRefused(OperationError):  # noqa: N818 - the words of the screen
    """What is known of a company cannot be written so."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What an organisation knows of a company. ``travel_minutes``: from its own premises, None when unknown."""

    travel_minutes: int | None = None
    recruits_often: bool = False
    signed_diversity_charter: bool = False
    is_key_account: bool = False


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Someone to call in a company."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def save_company_profile(
    *, company: Organisation, facts: CompanyFacts, version: int, by: Membership, now: datetime
) -> CompanyProfile:
    """Write what the organisation of ``by`` knows of a company; ``version`` 0 when it knew nothing yet.

    Refused (CompanyRefused): a role that does not work with companies, an organisation that is no company of this
    instance, a travel time outside 0 to 600 minutes; EditConflict when a colleague wrote it meanwhile.
    """
    _require_knowing(company, by)
    minutes = facts.travel_minutes
    if minutes is not None and not 0 <= minutes <= LONGEST_TRAVEL:
        raise CompanyRefused(f"Entre 0 et {LONGEST_TRAVEL} minutes.", field="travel_minutes")
    profile, is_new = CompanyProfile.objects.get_or_create(company=company, organisation=by.organisation)
    if not is_new or version != 0:
        profile = check_version(profile, version)
    for name in CompanyFacts.__slots__:
        setattr(profile, name, getattr(facts, name))
    profile.updated_at = now
    profile.save()
    return profile


@transaction.atomic
def add_contact(*, company: Organisation, details: ContactDetails, by: Membership, now: datetime) -> CompanyContact:
    """Note someone to call in a company, for the organisation of ``by`` only.

    Refused (CompanyRefused): as ``save_company_profile``; no name; neither phone nor e-mail.
    """
    _require_knowing(company, by)
    contact = CompanyContact(company=company, organisation=by.organisation, created_by=by.user)
    _fill(contact, details)
    contact.save()
    return contact


@transaction.atomic
def update_contact(
    *, contact: CompanyContact, details: ContactDetails, has_left: bool, version: int, by: Membership, now: datetime
) -> CompanyContact:
    """Bring a contact up to date; ``has_left``: no longer in the company, kept as a trace and proposed no more.

    Refused (CompanyRefused): a contact that another organisation noted; as ``add_contact``; EditConflict.
    """
    _require_knowing(contact.company, by)
    if contact.organisation_id != by.organisation_id:
        raise CompanyRefused("Cet interlocuteur n’a pas été noté par votre organisation.")
    contact = check_version(contact, version)
    _fill(contact, details)
    contact.left_on = (contact.left_on or paris_day(now)) if has_left else None
    contact.save()
    return contact


@transaction.atomic
def take_company(*, company: Organisation | None, name: str, by: Membership, now: datetime) -> Organisation:
    """Return ``company``, else the one called so, written now when nobody knew it: one name is created once.

    Refused (CompanyRefused, on ``company_name``): neither company nor name, several companies of that name,
    an organisation that is not an employer of this instance; and as ``directory.operations.create_organisation``.
    """
    if company is not None:
        _require_knowing(company, by)
        return company
    typed = " ".join(name.split())
    if not typed:
        raise CompanyRefused("Écrivez le nom de l’entreprise.", field="company_name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING_LOCK])
    found = list_companies_named(typed)
    if len(found) > 1:
        places = ", ".join(sorted(f"« {one.name}, {one.commune.name} »" for one in found if one.commune))
        hint = f" : écrivez {places}." if places else " : choisissez-la dans la liste des entreprises."
        raise CompanyRefused(f"Plusieurs entreprises portent ce nom{hint}", field="company_name")
    if found:
        return found[0]
    try:
        return create_organisation(name=typed, kind=OrganisationKind.COMPANY, by=by, now=now)
    except OperationError as error:
        raise CompanyRefused(error.message, field="company_name") from error


def _require_knowing(company: Organisation, by: Membership) -> None:
    if not knows_companies(by):
        raise CompanyRefused("Votre rôle ne travaille pas avec les entreprises.")
    if company.origin != OrganisationOrigin.LOCAL or company.kind not in EMPLOYING_KINDS:
        raise CompanyRefused("Choisissez une entreprise de cette instance.", field="company_name")


def _fill(contact: CompanyContact, details: ContactDetails) -> None:
    name = " ".join(details.name.split())
    if not name:
        raise CompanyRefused("Écrivez le nom de cette personne, ou « standard ».", field="name")
    if not details.phone and not details.email:
        raise CompanyRefused("Notez un téléphone ou une adresse électronique.", field="phone")
    contact.name, contact.role = name[:120], " ".join(details.role.split())[:80]
    contact.phone, contact.email = details.phone, details.email
