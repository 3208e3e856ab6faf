"""The pages of ``essaim.accounts``."""

from typing import Any

from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.operations import invite_member
from tests.factories.accounts import InvitationFactory, MembershipFactory
from tests.support.routes.world import EVERYBODY, MANAGERS, NOT_FOUND, NOT_MANAGERS, ROLES, SIGNED_IN, Route, World


def invitation_token(world: World) -> dict[str, Any]:
    sent = invite_member(email="invitee@exemple.fr", role=Role.FUNDER, by=world.manager, now=timezone.now())
    return {"token": sent.token}


def pending_invitation(world: World) -> dict[str, Any]:
    return {"uuid": InvitationFactory(organisation=world.organisation).uuid}


def colleague(world: World) -> dict[str, Any]:
    return {"user_uuid": MembershipFactory(organisation=world.organisation).user.uuid}


ROUTES: dict[str, Route] = {
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
}
