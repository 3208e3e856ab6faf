"""The pages of ``essaim.web``."""

from typing import Any

from tests.factories.journeys import make_action, make_enrolment
from tests.support.routes.world import ROLES, SIGNED_IN, WORKING_WITH_PEOPLE, Route, World


def silent_line(world: World) -> dict[str, Any]:
    """Someone entered in March, silent since: a line of « À faire »."""
    silent = make_enrolment(world.counsellor, make_action(world.manager))
    return {"kind": "agenda.silent", "subject": silent.ref}


ROUTES: dict[str, Route] = {
    "web:home": Route(SIGNED_IN),
    "web:todo": Route(WORKING_WITH_PEOPLE),
    "web:todo_file": Route(WORKING_WITH_PEOPLE),
    "web:todo_count": Route(SIGNED_IN),
    "web:snooze": Route(WORKING_WITH_PEOPLE, silent_line),
    "web:search": Route(ROLES),
}
