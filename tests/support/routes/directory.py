"""The pages of ``essaim.directory``."""

from typing import Any

from tests.factories.directory import TerritoryFactory
from tests.support.routes.world import MANAGERS, ROLES, Route, World


def territory(world: World) -> dict[str, Any]:
    return {"pk": TerritoryFactory(organisation=world.organisation).pk}


ROUTES: dict[str, Route] = {
    "directory:organisation": Route(ROLES),
    "directory:organisation_edit": Route(MANAGERS),
    "directory:territory_list": Route(ROLES),
    "directory:territory_create": Route(MANAGERS),
    "directory:territory": Route(ROLES, territory),
    "directory:territory_rename": Route(MANAGERS, territory),
    "directory:territory_add": Route(MANAGERS, territory),
    "directory:territory_remove": Route(MANAGERS, territory),
    "directory:zone_list": Route(ROLES),
}
