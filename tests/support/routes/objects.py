"""What the rows of several apps open."""

from typing import Any

from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import PersonFactory
from tests.support.routes.world import World


def person(world: World) -> dict[str, Any]:
    return {"code": PersonFactory(held_by=world.counsellor).code}


def person_ref(world: World) -> dict[str, Any]:
    return {"ref": person(world)["code"]}


def action(world: World) -> dict[str, Any]:
    return {"ref": make_action(world.manager).ref}


def enrolment(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    return {"ref": opened.action.ref, "parcours": opened.ref}
