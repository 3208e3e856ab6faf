"""The pages of ``essaim.journal``."""

from tests.support.routes.objects import action
from tests.support.routes.world import STEERING, Route

ROUTES: dict[str, Route] = {
    "journal:action_fil": Route(STEERING, action),
}
