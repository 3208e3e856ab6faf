"""Sessions of the actions run here: declared, set right, refused."""

from datetime import UTC, datetime

import pytest

from essaim.journal.operations import SessionRefused, create_session, update_session
from tests.factories.journal import ActionFactory, SessionFactory

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_a_session_is_declared_as_the_journal_writes_it():
    session = create_session(action=ActionFactory(), kind="group", title=" CV ", starts=STARTS, capacity=12)
    session.refresh_from_db()
    assert (session.kind, session.title, session.capacity, session.module) == ("group", "CV", 12, "")
    assert session.starts == "2026-11-24T09:00:00+01:00"


def test_a_session_put_off_keeps_its_reference():
    session = create_session(action=ActionFactory(), kind="group", title="CV", starts=STARTS, capacity=12)
    update_session(
        session=session, kind="workshop", title="Lettre", module="letter", starts=STARTS.replace(day=26), capacity=None
    )
    stored = type(session).objects.get(ref=session.ref)
    assert (stored.kind, stored.title, stored.module, stored.capacity) == ("workshop", "Lettre", "letter", None)
    assert stored.starts == "2026-11-26T09:00:00+01:00"


@pytest.mark.parametrize(("kind", "title"), [("party", "CV"), ("group", "  ")])
def test_a_session_without_kind_or_title_is_refused(kind, title):
    with pytest.raises(SessionRefused):
        create_session(action=ActionFactory(), kind=kind, title=title, starts=STARTS, capacity=None)


def test_a_session_of_an_imported_action_is_only_read():
    with pytest.raises(SessionRefused):
        create_session(action=ActionFactory(imported=True), kind="group", title="CV", starts=STARTS, capacity=None)
    declared = SessionFactory(action=ActionFactory(imported=True))
    with pytest.raises(SessionRefused):
        update_session(session=declared, kind="group", title="CV", starts=None, capacity=None)
