"""One row per URL, app by app: what it takes to open it, and who may. A URL without a row fails ``test_access.py``.

An app adds its rows in ``ROUTES`` of its file::

    "people:person": Route(WORKING_WITH_PEOPLE, lambda world: {"code": PersonFactory(...).code}),

``kwargs(world)`` makes the objects, belonging to ``world.organisation``, and returns the arguments of the
URL. The stranger (a manager of another organisation) then gets 404, unless the row says ``is_shared``. A
route without GET is opened by POST with ``data(world)``.
"""

from tests.support.routes import (
    accounts,
    agenda,
    directory,
    employers,
    guide,
    journal,
    journeys,
    journeys_money,
    kernel,
    people,
    privacy,
    steering,
    web,
)
from tests.support.routes.world import Route, World, nothing

__all__ = ["ROUTES", "Route", "World", "nothing"]

ROUTES: dict[str, Route] = {
    **accounts.ROUTES,
    **agenda.ROUTES,
    **directory.ROUTES,
    **employers.ROUTES,
    **guide.ROUTES,
    **journal.ROUTES,
    **journeys.ROUTES,
    **journeys_money.ROUTES,
    **kernel.ROUTES,
    **people.ROUTES,
    **privacy.ROUTES,
    **steering.ROUTES,
    **web.ROUTES,
}
