"""The pages of ``essaim.steering``."""

from typing import Any

from essaim.accounts.enums import Role
from tests.factories.money import make_claim_file, make_instalment
from tests.factories.steering import make_funder, make_sent_bilan
from tests.support.routes.objects import action
from tests.support.routes.world import MANAGERS, STEERING, WORKING_WITH_PEOPLE, Route, World


def instalment(world: World) -> dict[str, Any]:
    return {"ref": make_instalment(world.manager).ref}


def claim_file(world: World) -> dict[str, Any]:
    return {"ref": make_claim_file(world.manager).ref}


def sent_bilan(world: World) -> dict[str, Any]:
    frozen = make_sent_bilan(world.manager, make_funder())
    return {"ref": frozen.action.ref, "code": frozen.ref}


def received_bilan(world: World) -> dict[str, Any]:
    return {"ref": make_sent_bilan(world.stranger, world.members[Role.FUNDER]).ref}


READING_FUNDED = STEERING | {Role.FUNDER}
ROUTES: dict[str, Route] = {
    "steering:home": Route(STEERING),
    "steering:funded": Route(READING_FUNDED),
    "steering:funded_file": Route(READING_FUNDED, lambda world: {"fmt": "csv"}, is_shared=True),
    "steering:received": Route(READING_FUNDED, received_bilan),
    "steering:received_file": Route(READING_FUNDED, lambda world: {**received_bilan(world), "fmt": "csv"}),
    "steering:sent_list": Route(STEERING, action),
    "steering:send": Route(STEERING, action),
    "steering:sent": Route(STEERING, sent_bilan),
    "steering:claim": Route(MANAGERS, instalment),
    "steering:claim_freeze": Route(MANAGERS, instalment),
    "steering:claim_people": Route(MANAGERS, instalment),
    "steering:claim_file": Route(MANAGERS, claim_file),
    "steering:claim_zip": Route(MANAGERS, claim_file),
    "steering:targets": Route(STEERING, action),
    "steering:targets_file": Route(STEERING, action),
    "steering:bilan": Route(STEERING, action),
    "steering:bilan_file": Route(STEERING, lambda world: {**action(world), "fmt": "csv"}),
    "steering:people_behind": Route(WORKING_WITH_PEOPLE, lambda world: {**action(world), "indicator": "accompanied"}),
}
