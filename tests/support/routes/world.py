"""Who asks for the pages, and what a row of a URL says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.directory import OrganisationFactory

ROLES = frozenset(Role)
MANAGERS = frozenset({Role.MANAGER})
WORKING_WITH_PEOPLE = frozenset({Role.MANAGER, Role.COUNSELLOR})
STEERING = WORKING_WITH_PEOPLE | {Role.STEERING}
KNOWING_COMPANIES = WORKING_WITH_PEOPLE | {Role.EMPLOYER_RELATIONS}
SIGNED_IN = ROLES | {"leaver", "operator"}
EVERYBODY = SIGNED_IN | {"anonymous"}
NOT_MANAGERS = ROLES - MANAGERS
NOT_STEERING = dict.fromkeys(ROLES - STEERING, 404)
NOT_FOUND = dict.fromkeys(EVERYBODY | {"stranger"}, 404)


@dataclass
class World:
    """An organisation with a member of each role; a stranger, a leaver and an operator who belong to none
    of it.
    """

    organisation: Organisation = field(default_factory=OrganisationFactory)
    members: dict[str, Membership] = field(init=False)

    def __post_init__(self):
        self.members = {role: MembershipFactory(role=role, organisation=self.organisation) for role in Role}
        self.stranger = MembershipFactory(manager=True)
        self.leaver = MembershipFactory(organisation=self.organisation, ended=True)
        self.operator = UserFactory(operator=True)

    @property
    def manager(self) -> Membership:
        return self.members[Role.MANAGER]

    @property
    def counsellor(self) -> Membership:
        return self.members[Role.COUNSELLOR]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Route:
    who: frozenset[str]
    kwargs: Callable[[World], dict[str, Any]] = nothing
    data: Callable[[World], dict[str, Any]] = nothing
    is_shared: bool = False
    # What it answers to whom, when it is neither a page, a redirection nor a refusal of the rule.
    answers: dict[str, int | str] = field(default_factory=dict)
