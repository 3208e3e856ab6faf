"""The pages of ``essaim.guide``."""

from tests.factories.journeys import make_practice
from tests.support.routes.world import SIGNED_IN, Route

ROUTES: dict[str, Route] = {
    "guide:catalogue": Route(SIGNED_IN),
    "guide:glossary": Route(SIGNED_IN),
    "guide:practice": Route(SIGNED_IN, lambda world: {"slug": make_practice().slug}, is_shared=True),
}
