"""The pages of ``essaim.guide``."""

from tests.factories.journeys import make_practice
from tests.support.routes.world import SIGNED_IN, Route

ROUTES: dict[str, Route] = {
    "guide:catalogue": Route(SIGNED_IN),
    "guide:compare": Route(SIGNED_IN),
    "guide:theme": Route(SIGNED_IN, lambda world: {"key": "mobilite"}, is_shared=True),
    "guide:glossary": Route(SIGNED_IN),
    "guide:practice": Route(SIGNED_IN, lambda world: {"slug": make_practice().slug}, is_shared=True),
}
