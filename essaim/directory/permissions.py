"""Who may call the screens of the directory.

``accounts`` stands above: its memberships are known here by their shape only (``kernel.actors.Actor``).
"""

from django.http import HttpRequest

from essaim.kernel.access import AccessRule

MANAGER = "manager"


def is_member(request: HttpRequest) -> bool:
    return getattr(request, "membership", None) is not None


def manages_organisation(request: HttpRequest) -> bool:
    membership = getattr(request, "membership", None)
    return membership is not None and membership.role == MANAGER


MEMBER = AccessRule("membre d’une organisation", is_member)
MANAGES_ORGANISATION = AccessRule("responsable de l’organisation", manages_organisation)
