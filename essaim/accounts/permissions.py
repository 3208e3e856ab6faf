"""The access policy, one rule per sentence. Views declare them: ``@access(WORKS_WITH_PEOPLE)``.

A rule says who may call a view; which objects she then sees is the business of the
``…_for(viewer, …)`` queries.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from essaim.accounts.enums import ROLES_SEEING_PEOPLE, Role
from essaim.accounts.models import Membership
from essaim.kernel.access import AccessRule
from essaim.kernel.actors import MemberRequest

ROLES_STEERING = frozenset({Role.MANAGER, Role.STEERING, Role.COUNSELLOR})
ROLES_READING_BILANS = ROLES_STEERING | {Role.FUNDER}


class AccountRequest(MemberRequest):
    """As the views of this app annotate a request: with every open membership of its user. Only a type."""

    memberships: list[Membership]


def is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def is_member(request: HttpRequest) -> bool:
    return current_membership(request) is not None


def is_operator(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_operator


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership the request acts under, set by ``CurrentMembershipMiddleware``."""
    return getattr(request, "membership", None)


def has_role(membership: Membership | None, roles: Iterable[Role]) -> bool:
    return membership is not None and membership.role in set(roles)


def manages(membership: Membership) -> bool:
    return membership.role == Role.MANAGER


def rule_for_roles(words: str, roles: Iterable[Role]) -> AccessRule:
    """A rule met by the open memberships of these roles; for the apps whose screens need another set."""
    allowed = frozenset(roles)
    return AccessRule(words, lambda request: has_role(current_membership(request), allowed))


SIGNED_IN = AccessRule("toute personne connectée", is_signed_in)
MEMBER = AccessRule("membre d’une organisation", is_member)
OPERATOR = AccessRule("exploitant de l’instance", is_operator)
MANAGES_ORGANISATION = rule_for_roles("responsable de l’organisation", {Role.MANAGER})
WORKS_WITH_PEOPLE = rule_for_roles("responsable ou conseil", ROLES_SEEING_PEOPLE)
STEERS = rule_for_roles("responsable, pilote ou conseil", ROLES_STEERING)
READS_BILANS = rule_for_roles("responsable, pilote, conseil ou financeur", ROLES_READING_BILANS)


def note_read(request: HttpRequest, kind: str, ref: object) -> None:
    """Note that this request shows the file ``ref`` (public code or uuid) of this ``kind``.

    The row is written after the response, by ``ReadAuditMiddleware`` and only if the page was served.
    """
    notes: set[tuple[str, str]] = request.__dict__.setdefault("noted_reads", set())
    notes.add((kind, str(ref)))
