"""The pages of ``essaim.steering``."""

from typing import Any

from tests.factories.money import make_claim_file, make_instalment
from tests.support.routes.objects import action
from tests.support.routes.world import MANAGERS, STEERING, WORKING_WITH_PEOPLE, Route, World


def instalment(world: World) -> dict[str, Any]:
    return {"ref": make_instalment(world.manager).ref}


def claim_file(world: World) -> dict[str, Any]:
    return {"ref": make_claim_file(world.manager).ref}


ROUTES: dict[str, Route] = {
    "steering:home": Route(STEERING),
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
