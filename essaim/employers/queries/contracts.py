"""Reads of employers: companies, and the contracts of the people that the viewer sees."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind, OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.employers.engine.terms import is_running, planned_end
from essaim.employers.models import WorkContract
from essaim.employers.permissions import knows_companies
from essaim.journal.models import Action
from essaim.journeys.queries import settings_of, steps_of_kind, visible_actions
from essaim.kernel.days import today
from essaim.kernel.french import FrSort
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import scope_for, searchable_people, visible_people

CONTRACT_STEP = "employers.contract"

# Structures that employ people and have pages among the companies.
EMPLOYING_KINDS = frozenset(
    {
        OrganisationKind.COMPANY,
        OrganisationKind.EI,
        OrganisationKind.ETTI,
        OrganisationKind.AI,
        OrganisationKind.ACI,
        OrganisationKind.GEIQ,
    }
)


def list_companies_for(viewer: Membership | None) -> QuerySet[Organisation]:
    """Return the companies of the instance with ``signed``: the contracts that the viewer sees there.

    Empty for roles that do not work with companies.
    """
    if viewer is None or not knows_companies(viewer):
        return Organisation.objects.none()
    signed = (
        listed_contracts(viewer)
        .filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return list_employers().annotate(signed=Coalesce(Subquery(signed), 0))


def list_employers() -> QuerySet[Organisation]:
    """Return the organisations of the instance that may be the employer of a contract, in French order."""
    employers = Organisation.objects.filter(origin=OrganisationOrigin.LOCAL, kind__in=EMPLOYING_KINDS)
    return employers.select_related("commune").annotate(name_order=FrSort("name")).order_by("name_order", "pk")


def get_company_for(viewer: Membership | None, ref: str) -> Organisation:
    """Return the company with this reference. Raises Organisation.DoesNotExist."""
    return list_companies_for(viewer).get(ref=ref)


def may_edit_company(viewer: Membership | None, company: Organisation) -> bool:
    """Whether the viewer may change what is written of a company: a structure with members of its own keeps its
    own fiche.
    """
    if viewer is None or not knows_companies(viewer):
        return False
    return not Membership.objects.filter(organisation=company, until__isnull=True).exists()


def visible_contracts(viewer: Membership | None) -> QuerySet[WorkContract]:
    """The contracts of people the viewer sees: in her actions, and everywhere for the people she is
    referent of.
    """
    people = visible_people(viewer)
    referent = people.filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
    return WorkContract.objects.filter(
        Q(person__in=people.values("pk"), action__in=visible_actions(viewer).values("pk"))
        | Q(person__in=referent.values("pk"))
    ).select_related("person", "organisation", "action", "enrolment", "signed_fact")


def listed_contracts(viewer: Membership | None) -> QuerySet[WorkContract]:
    """The contracts that lists of an action or of a company may show: protected people's to their referent team."""
    return visible_contracts(viewer).filter(person__in=searchable_people(viewer).values("pk"))


def list_contracts_for(
    viewer: Membership | None,
    *,
    action: Action | None = None,
    person: Person | None = None,
    company: Organisation | None = None,
) -> QuerySet[WorkContract]:
    """Return the contracts that the viewer sees, newest first, of one action, person or company; cancelled
    ones too. Those of a protected person are listed to her referent team, to the others in her file only.
    """
    found = visible_contracts(viewer) if person is not None else listed_contracts(viewer)
    if action is not None:
        found = found.filter(action=action)
    if person is not None:
        found = found.filter(person=person)
    if company is not None:
        found = found.filter(organisation=company)
    return found.order_by("-signed_on", "-pk")


def get_contract_for(viewer: Membership | None, action: Action, ref: str) -> WorkContract:
    """Return a contract of this action. Raises WorkContract.DoesNotExist when the viewer may not see it."""
    return visible_contracts(viewer).get(action=action, ref=ref)


def count_contracts_of_person_for(viewer: Membership | None, person: Person) -> int:
    """How many contracts of this person the viewer sees, cancelled ones left out."""
    if scope_for(viewer, person) is None:
        return 0
    return visible_contracts(viewer).filter(person=person, cancelled_at__isnull=True).count()


def count_contracts_of_action_for(viewer: Membership | None, action: Action) -> int:
    """How many contracts of this action the viewer sees, cancelled ones left out."""
    return listed_contracts(viewer).filter(action=action, cancelled_at__isnull=True).count()


def is_check_in_offered(action: Action) -> bool:
    """Whether the practice offers to stay in touch after hiring."""
    return any(settings_of(action, step.key)["support_after_hiring"] for step in steps_of_kind(action, CONTRACT_STEP))


def end_of(contract: WorkContract) -> date | None:
    """Return the last planned day of a contract, None without term."""
    return planned_end(contract.starts, contract.ends, contract.term_months)


def state_of(contract: WorkContract, day: date | None = None) -> str:
    """Return ``cancelled``, ``coming``, ``running``, ``broken`` or ``over`` on that day, today by default."""
    day, end = day or today(), end_of(contract)
    if contract.cancelled_at is not None:
        return "cancelled"
    if contract.ended_on is not None and contract.ended_on <= day:
        return "broken" if contract.ended_early else "over"
    if contract.starts > day:
        return "coming"
    return "running" if is_running(contract.starts, end, contract.ended_on, day) else "over"
