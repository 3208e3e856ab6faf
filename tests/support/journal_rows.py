"""A journal (header and facts, as parsed from its lines) written straight into the tables, without the import."""

import itertools
from datetime import date

from django.utils import timezone

from essaim.directory.models import Organisation
from essaim.guide.models import Practice
from essaim.journal.models import Action, Fact, Session, Subject
from tests.support.reference_bilan import day_of, moment_of

_NUMBERS = itertools.count(1)


def practice_with(indicators):
    """A practice that has these indicators and nothing else."""
    number = next(_NUMBERS)
    return Practice.objects.create(
        slug=f"essai-{number}", version=1, position=1, title="Essai", theme="essai", digest="",
        definition={"indicators": indicators},
    )  # fmt: skip


def write_journal(header, facts, practice, recorded=None):
    """Write a journal and return its actions by ref. ``recorded``: the moment each fact was written down, by id."""
    now = timezone.now()
    recorded = recorded or {}
    actions = {}
    for row in header["actions"]:
        actions[row["ref"]] = Action.objects.create(
            ref=row["ref"], is_imported=True, practice=practice, definition=practice.definition, title=row["title"],
            starts=date.fromisoformat(row["starts"]), ends=date.fromisoformat(row["ends"]),
            settings=row.get("settings", {}),
        )  # fmt: skip
    organisations = {
        row["ref"]: Organisation.objects.create(
            ref=row["ref"], origin="journal", name=row["name"], kind=row["kind"], zones=row.get("zones", []),
            sector=row.get("sector", ""),
        )
        for row in header.get("organisations", [])
    }  # fmt: skip
    sessions = {
        row["ref"]: Session.objects.create(
            ref=row["ref"], action=actions[row["action"]], kind=row["kind"], title=row["title"],
            module=row.get("module", ""),
        )
        for row in header.get("sessions", [])
    }  # fmt: skip
    people = {(fact["action"], fact["person"]) for fact in facts if "person" in fact}
    made = Subject.objects.bulk_create(Subject(action=actions[action], ref=ref) for action, ref in sorted(people))
    subjects = {(subject.action.ref, subject.ref): subject for subject in made}
    corrections = {fact["corrects"]: fact for fact in facts if "corrects" in fact}
    rows = {}
    for fact in facts:
        correction = corrections.get(fact["id"])
        rows[fact["id"]] = Fact(
            ref=fact["id"], action=actions[fact["action"]], kind=fact["kind"], at=moment_of(fact["at"]),
            at_text=fact["at"], day=day_of(fact), source=fact["source"],
            subject=subjects.get((fact["action"], fact.get("person"))),
            organisation=organisations.get(fact.get("organisation")), session=sessions.get(fact.get("session")),
            cohort=fact.get("cohort"), event=fact.get("event"), data=fact["data"],
            live=correction is None and fact["data"] != {"void": True},
            superseded_at=recorded.get(correction["id"], now) if correction else None,
            recorded_at=recorded.get(fact["id"], now),
        )  # fmt: skip
    pending = dict(zip((fact["id"] for fact in facts), rows.values(), strict=True))
    targets = {fact["id"]: fact.get("corrects") for fact in facts}
    while pending:
        ready = [id for id in pending if targets[id] not in pending]
        for id in ready:
            pending[id].corrects = rows.get(targets[id])
        Fact.objects.bulk_create(pending.pop(id) for id in ready)
    return actions
