"""One row per URL: what it takes to open it, and who may. A URL without a row fails ``test_access.py``.

An app adds its rows in ``ROUTES``::

    "people:person": Route(WORKING_WITH_PEOPLE, lambda world: {"code": PersonFactory(...).code}),

``kwargs(world)`` makes the objects, belonging to ``world.organisation``, and returns the arguments of the
URL. The stranger (a manager of another organisation) then gets 404, unless the row says ``is_shared``. A
route without GET is opened by POST with ``data(world)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.accounts.operations import invite_member
from essaim.directory.models import Organisation
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory
from tests.factories.directory import OrganisationFactory, TerritoryFactory

ROLES = frozenset(Role)
MANAGERS = frozenset({Role.MANAGER})
WORKING_WITH_PEOPLE = frozenset({Role.MANAGER, Role.COUNSELLOR})
STEERING = WORKING_WITH_PEOPLE | {Role.STEERING}
READING_BILANS = STEERING | {Role.FUNDER}
SIGNED_IN = ROLES | {"leaver", "operator"}
EVERYBODY = SIGNED_IN | {"anonymous"}


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


def invitation_token(world: World) -> dict[str, Any]:
    sent = invite_member(email="invitee@exemple.fr", role=Role.FUNDER, by=world.manager, now=timezone.now())
    return {"token": sent.token}


def colleague(world: World) -> dict[str, Any]:
    return {"user_uuid": MembershipFactory(organisation=world.organisation).user.uuid}


def pending_invitation(world: World) -> dict[str, Any]:
    return {"uuid": InvitationFactory(organisation=world.organisation).uuid}


def territory(world: World) -> dict[str, Any]:
    return {"pk": TerritoryFactory(organisation=world.organisation).pk}


NOT_MANAGERS = ROLES - MANAGERS
NOT_FOUND = dict.fromkeys(EVERYBODY | {"stranger"}, 404)

ROUTES: dict[str, Route] = {
    "health": Route(EVERYBODY),
    "accounts:sign_in": Route(EVERYBODY),
    "accounts:sign_out": Route(SIGNED_IN, answers=dict.fromkeys(SIGNED_IN | {"stranger"}, "sign in")),
    "accounts:forgotten_password": Route(EVERYBODY),
    "accounts:new_password": Route(
        EVERYBODY,
        lambda world: {"user_uuid": world.manager.user.uuid, "token": "faux"},
        is_shared=True,
        answers=NOT_FOUND,
    ),
    "accounts:account": Route(SIGNED_IN),
    "accounts:change_password": Route(SIGNED_IN),
    "accounts:switch_organisation": Route(
        ROLES,
        data=lambda world: {"membership": world.manager.pk},
        answers=dict.fromkeys(NOT_MANAGERS | {"stranger"}, 404),
    ),
    "accounts:invitation": Route(EVERYBODY, invitation_token, is_shared=True),
    "accounts:organisation": Route(ROLES),
    "accounts:invite": Route(MANAGERS),
    "accounts:change_role": Route(MANAGERS, colleague),
    "accounts:end_membership": Route(ROLES, colleague, answers=dict.fromkeys(NOT_MANAGERS, 404)),
    "accounts:resend_invitation": Route(MANAGERS, pending_invitation),
    "accounts:cancel_invitation": Route(MANAGERS, pending_invitation),
    "directory:organisation": Route(ROLES),
    "directory:organisation_edit": Route(MANAGERS),
    "directory:territory_list": Route(ROLES),
    "directory:territory_create": Route(MANAGERS),
    "directory:territory": Route(ROLES, territory),
    "directory:territory_rename": Route(MANAGERS, territory),
    "directory:territory_add": Route(MANAGERS, territory),
    "directory:territory_remove": Route(MANAGERS, territory),
    "directory:zone_list": Route(ROLES),
    "kernel:gallery": Route(EVERYBODY, answers={} if settings.ESSAIM_GALLERY else NOT_FOUND),
    "guide:catalogue": Route(SIGNED_IN),
    "guide:glossary": Route(SIGNED_IN),
    "web:home": Route(SIGNED_IN),
    "web:search": Route(ROLES),
}
