"""The pages of ``essaim.kernel``."""

from django.conf import settings

from tests.support.routes.world import EVERYBODY, NOT_FOUND, Route

ROUTES: dict[str, Route] = {
    "health": Route(EVERYBODY),
    "kernel:gallery": Route(EVERYBODY, answers={} if settings.ESSAIM_GALLERY else NOT_FOUND),
}
