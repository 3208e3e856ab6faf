"""The pages of ``essaim.guide``."""

from typing import Any

from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.guide.operations import propose_variant, publish_variant, submit_variant
from tests.factories.journeys import make_practice
from tests.support.routes.world import SIGNED_IN, STEERING, Route, World

WORDS = {"title": "Variante", "changes": "Deux séances de plus.", "reason": "Elles manquaient."}
NOT_THE_REVIEWER = {Role.COUNSELLOR: 404}


def practice(world: World) -> dict[str, Any]:
    return {"slug": make_practice().slug}


def draft(world: World) -> dict[str, Any]:
    made = propose_variant(practice=make_practice(), by=world.counsellor, now=timezone.now(), **WORDS)
    return {"ref": made.ref}


def review(world: World) -> dict[str, Any]:
    made = propose_variant(practice=make_practice(), by=world.counsellor, now=timezone.now(), **WORDS)
    return {"ref": submit_variant(variant=made, version=1, by=world.counsellor, now=timezone.now()).ref}


def published(world: World) -> dict[str, Any]:
    made = propose_variant(practice=make_practice(), by=world.counsellor, now=timezone.now(), **WORDS)
    made = submit_variant(variant=made, version=1, by=world.counsellor, now=timezone.now())
    return {"ref": publish_variant(variant=made, version=2, by=world.manager, now=timezone.now()).ref}


ROUTES: dict[str, Route] = {
    "guide:catalogue": Route(SIGNED_IN),
    "guide:compare": Route(SIGNED_IN),
    "guide:theme": Route(SIGNED_IN, lambda world: {"key": "mobilite"}, is_shared=True),
    "guide:glossary": Route(SIGNED_IN),
    "guide:practice": Route(SIGNED_IN, practice, is_shared=True),
    "guide:practice_yaml": Route(SIGNED_IN, practice, is_shared=True),
    "guide:practice_import": Route(STEERING),
    "guide:variant_new": Route(STEERING, practice, is_shared=True),
    "guide:variant_list": Route(STEERING),
    "guide:variant": Route(STEERING, draft),
    "guide:variant_yaml": Route(STEERING, draft),
    "guide:variant_edit": Route(STEERING, draft),
    "guide:variant_submit": Route(STEERING, draft, lambda world: {"version": "1"}),
    "guide:variant_comment": Route(STEERING, draft),
    "guide:variant_decide": Route(STEERING, review, answers=NOT_THE_REVIEWER),
    "guide:variant_withdraw": Route(STEERING, draft, answers={Role.STEERING: 404}),
    "guide:variant_renew": Route(STEERING, published),
}
