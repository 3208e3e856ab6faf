"""The pages of ``essaim.steering``."""

from tests.support.routes.objects import action
from tests.support.routes.world import STEERING, WORKING_WITH_PEOPLE, Route

ROUTES: dict[str, Route] = {
    "steering:home": Route(STEERING),
    "steering:bilan": Route(STEERING, action),
    "steering:bilan_file": Route(STEERING, lambda world: {**action(world), "fmt": "csv"}),
    "steering:people_behind": Route(WORKING_WITH_PEOPLE, lambda world: {**action(world), "indicator": "accompanied"}),
}
