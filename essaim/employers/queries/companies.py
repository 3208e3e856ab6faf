"""Reads of companies: how one organisation knows them, whom it calls there, which are worth approaching."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.employers.enums import ApproachAnswer
from essaim.employers.models import Approach, CompanyContact, CompanyProfile
from essaim.employers.permissions import knows_companies
from essaim.employers.queries.contracts import list_companies_for, list_employers
from essaim.journal.models import Action
from essaim.journeys.queries import settings_of, steps_of_kind
from essaim.kernel.french import keep_matching

APPROACH_STEP = "employers.approach"
NAMES_PROPOSED = 8
COMPANIES_SUGGESTED = 12
DAYS_BETWEEN_APPROACHES = 30


@dataclass(frozen=True, slots=True)
class ProspectingRules:
    """What the practice asks of employers to approach. ``travel_minutes``: None without limit."""

    step: str
    travel_minutes: int | None
    recruits_often: bool
    diversity_charter: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company to approach, and why: codes ``recruits_often``, ``diversity_charter``, ``key_account``, ``near``."""

    company: Organisation
    travel_minutes: int | None
    last_approach: date | None
    reasons: tuple[str, ...]

    @property
    def travel_words(self) -> str:
        """The travel time, short."""
        return f"{self.travel_minutes}\u00a0min"


def prospecting_rules(action: Action) -> ProspectingRules | None:
    """Return the rules of the first step of the practice that approaches employers, None when it has no such step."""
    step = next(iter(steps_of_kind(action, APPROACH_STEP)), None)
    if step is None:
        return None
    settings = settings_of(action, step.key)
    minutes = settings["travel_minutes"]
    return ProspectingRules(
        step=step.key,
        travel_minutes=None if minutes is None else int(minutes),
        recruits_often=bool(settings["recruits_often"]),
        diversity_charter=bool(settings["diversity_charter"]),
    )


def get_company_profile(company: Organisation, organisation: Organisation | int | None) -> CompanyProfile | None:
    """Return what one organisation knows of a company, None when it noted nothing."""
    return CompanyProfile.objects.filter(company=company, organisation=organisation).first()


def get_company_profile_for(viewer: Membership | None, company: Organisation) -> CompanyProfile | None:
    """Return what the viewer's organisation knows of a company, None when it noted nothing."""
    if viewer is None or not knows_companies(viewer):
        return None
    return get_company_profile(company, viewer.organisation_id)


def list_contacts_for(viewer: Membership | None, company: Organisation | None = None) -> QuerySet[CompanyContact]:
    """Return the people to call that the viewer's organisation noted, those still there first."""
    if viewer is None or not knows_companies(viewer):
        return CompanyContact.objects.none()
    found = CompanyContact.objects.filter(organisation_id=viewer.organisation_id)
    if company is not None:
        found = found.filter(company=company)
    return found.order_by(F("left_on").asc(nulls_first=True), "name", "pk")


def get_contact_named(company: Organisation, organisation: Organisation, name: str) -> CompanyContact | None:
    """Return the contact that one organisation noted so in a company, those still there first; capital letters and
    accents aside. None when nobody is called so.
    """
    noted = CompanyContact.objects.filter(company=company, organisation=organisation).alias(plain_name=_plain("name"))
    return noted.filter(plain_name=_plain(Value(name))).order_by(F("left_on").asc(nulls_first=True), "pk").first()


def list_contacts_like_for(viewer: Membership | None, company_name: str) -> QuerySet[CompanyContact]:
    """Return the contacts, still there, of the companies whose name holds each word typed, for a field to propose."""
    if not company_name.strip():
        return CompanyContact.objects.none()
    companies = keep_matching(list_companies_for(viewer), company_name.partition(",")[0], "name")[:NAMES_PROPOSED]
    return list_contacts_for(viewer).filter(left_on__isnull=True, company__in=list(companies))[:NAMES_PROPOSED]


def get_contact_for(viewer: Membership | None, company: Organisation, ref: str) -> CompanyContact:
    """Return a contact of the viewer's organisation. Raises CompanyContact.DoesNotExist otherwise."""
    return list_contacts_for(viewer, company).get(ref=ref)


def list_known_companies_for(viewer: Membership | None) -> QuerySet[Organisation]:
    """Return the companies of ``list_companies_for`` with what the viewer's organisation knows of each:
    ``travel_minutes``, ``recruits_often``, ``signed_charter``, ``is_key_account``, ``last_approach`` (a day).
    """
    organisation = viewer.organisation_id if viewer else None
    known = CompanyProfile.objects.filter(company=OuterRef("pk"), organisation=organisation)
    approached = (
        Approach.objects.filter(company=OuterRef("pk"), action__organisation=organisation, cancelled_at__isnull=True)
        .order_by()
        .values("company")
        .annotate(day=Max("made_on"))
    )
    return list_companies_for(viewer).annotate(
        travel_minutes=Subquery(known.values("travel_minutes")[:1]),
        recruits_often=Exists(known.filter(recruits_often=True)),
        signed_charter=Exists(known.filter(signed_diversity_charter=True)),
        is_key_account=Exists(known.filter(is_key_account=True)),
        last_approach=Subquery(approached.values("day")[:1]),
    )


def list_companies_named(text: str) -> list[Organisation]:
    """Return the companies called so, or « name, commune », accents, case and punctuation aside."""
    asked = _plain(Value(text))
    named = list_employers().alias(
        plain_name=_plain("name"), plain_place=_plain(Concat("name", Value(" "), "commune__name"))
    )
    return list(named.filter(Q(plain_name=asked) | Q(plain_place=asked)))


def list_companies_like_for(viewer: Membership | None, text: str) -> list[Organisation]:
    """Return the first companies whose name holds each word typed, for a field to propose."""
    if not text.strip():
        return []
    return list(keep_matching(list_companies_for(viewer), text, "name")[:NAMES_PROPOSED])


def list_suggestions_for(viewer: Membership | None, action: Action, on: date) -> list[Suggestion]:
    """Return the companies to approach for an action: known by its carrier, within the travel limit of the
    practice, neither approached for it for 30 days nor closed by a « non »; those it aims at first, then the nearest.
    """
    rules = prospecting_rules(action)
    if rules is None or viewer is None or viewer.organisation_id != action.organisation_id:
        return []
    mine = Approach.objects.filter(company=OuterRef("pk"), action=action, cancelled_at__isnull=True)
    latest = mine.order_by("-made_on", "-pk")
    companies = (
        list_known_companies_for(viewer)
        .alias(answer=Subquery(latest.values("answer")[:1]))
        .annotate(approached_on=Subquery(latest.values("made_on")[:1]))
        .filter(Exists(CompanyProfile.objects.filter(company=OuterRef("pk"), organisation=action.organisation)))
        .filter(Q(approached_on__isnull=True) | Q(approached_on__lte=on - timedelta(days=DAYS_BETWEEN_APPROACHES)))
        .filter(~Q(answer=ApproachAnswer.NO) | Q(answer__isnull=True))
    )
    if rules.travel_minutes is not None:
        companies = companies.filter(
            Q(travel_minutes__lte=rules.travel_minutes) | Q(travel_minutes__isnull=True)  # type: ignore[misc]
        )
    suggestions = [_suggest(company, rules) for company in companies]
    return sorted(suggestions, key=_rank_of)[:COMPANIES_SUGGESTED]


def _suggest(company: Organisation, rules: ProspectingRules) -> Suggestion:
    known = {
        "recruits_often": rules.recruits_often and company.recruits_often,  # type: ignore[attr-defined]
        "diversity_charter": rules.diversity_charter and company.signed_charter,  # type: ignore[attr-defined]
        "key_account": company.is_key_account,  # type: ignore[attr-defined]
        "near": rules.travel_minutes is not None and company.travel_minutes is not None,  # type: ignore[attr-defined]
    }
    return Suggestion(
        company=company,
        travel_minutes=company.travel_minutes,  # type: ignore[attr-defined]
        last_approach=company.approached_on,  # type: ignore[attr-defined]
        reasons=tuple(reason for reason, holds in known.items() if holds),
    )


def _rank_of(suggestion: Suggestion) -> tuple[int, int, str]:
    aimed = sum(reason != "near" for reason in suggestion.reasons)
    minutes = suggestion.travel_minutes if suggestion.travel_minutes is not None else 1_000
    return -aimed, minutes, suggestion.company.name


def _plain(expression: object) -> Func:
    bare = Func(expression, function="public.fr_sort")
    spaced = Func(bare, Value("[^[:alnum:]]+"), Value(" "), Value("g"), function="regexp_replace")
    return Func(spaced, function="btrim")
