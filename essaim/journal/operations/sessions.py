"""Sessions of the actions run here: declared once planned, so that facts can name them (FACTS §1)."""

from datetime import datetime

from django.db import transaction

from essaim.journal.engine.moments import write_moment
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action, Session
from essaim.kernel.errors import OperationError

LONGEST_TITLE = 2000


class SessionRefused(OperationError):  # noqa: N818 - the words of the screen
    """A session that cannot be declared or changed so."""


@transaction.atomic
def create_session(
    *, action: Action, kind: str, title: str, module: str = "", starts: datetime | None, capacity: int | None
) -> Session:
    """Declare a session of an action run here, under a new public reference. Records no fact.

    ``starts`` is an aware moment, written as the journal writes it; ``capacity`` in places. Raises SessionRefused for
    an imported action (its journal declares its sessions), an unknown kind, an empty title.
    """
    _check(action, kind, title)
    return Session.objects.create(
        action=action,
        kind=kind,
        title=title.strip()[:LONGEST_TITLE],
        module=module,
        starts=write_moment(starts) if starts else "",
        capacity=capacity,
    )


@transaction.atomic
def update_session(
    *, session: Session, kind: str, title: str, module: str = "", starts: datetime | None, capacity: int | None
) -> Session:
    """Set the declaration of a session right: another title, kind, capacity, or another moment.

    Why a declared row may change: FACTS §1 declares a row once because an import never rewrites what is stored; here
    the instance is the author of the action, facts name the session by ``ref`` and carry their own day, so that a
    session put off to Thursday is the same session with a later start. Raises as ``create_session``.
    """
    _check(session.action, kind, title)
    session.kind, session.title, session.module = kind, title.strip()[:LONGEST_TITLE], module
    session.starts = write_moment(starts) if starts else ""
    session.capacity = capacity
    session.save(update_fields=["kind", "title", "module", "starts", "capacity"])
    return session


def _check(action: Action, kind: str, title: str) -> None:
    if action.is_imported:
        raise SessionRefused("Cette action vient d’un journal importé : elle se lit mais ne se modifie pas.")
    if kind not in SessionKind.values:
        raise SessionRefused("Choisissez une nature de séance.", field="kind")
    if not title.strip():
        raise SessionRefused("Donnez un titre à la séance.", field="title")
