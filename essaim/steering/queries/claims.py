"""The claim of an instalment: who is counted, what each misses, and the files already made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from essaim.accounts.models import Membership
from essaim.agenda.enums import AttendanceState
from essaim.agenda.models import Attendance
from essaim.employers.models import WorkContract
from essaim.journeys.enums import AgreementState, CloseReason, CommitmentState, EnrolmentState
from essaim.journeys.models import Commitment, Enrolment, FundingAgreement, Instalment
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries.agreements import get_instalment_for
from essaim.people.models import Document, Person
from essaim.people.queries import searchable_people
from essaim.steering.engine.claims import DOCUMENTS, Held, Paper, missing_evidence
from essaim.steering.models import ClaimFile, ClaimParticipant
from essaim.steering.queries.bilan import compute_bilan

# A file closed to the carrier since, or protected.
UNSEEN = "Dossier non visible"


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A parcours counted in a claim. ``papers`` are the documents that may be shown; ``is_named``: her file is open to
    the viewer, and lists may name her.
    """

    enrolment: Enrolment
    missing: tuple[str, ...]
    papers: tuple[Document, ...]
    is_named: bool

    @property
    def name(self) -> str:
        """Her name, or what stands for it."""
        return self.enrolment.person.full_name if self.is_named else UNSEEN

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """How many people are counted, and of how many nothing is missing."""

    counted: int
    complete: int

    @property
    def incomplete(self) -> int:
        """Of how many something is missing."""
        return self.counted - self.complete


def count_claim(lines: Iterable[ClaimLine]) -> ClaimCount:
    """Return the counts of a claim: a person with two parcours counts once, complete when both are."""
    found: dict[int, bool] = {}
    for line in lines:
        found[line.enrolment.person_id] = found.get(line.enrolment.person_id, True) and line.is_complete
    return ClaimCount(len(found), sum(found.values()))


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """A session that took place, and who was noted there: (name, attendance, hours)."""

    title: str
    starts: Any
    ends: Any
    rows: tuple[tuple[str, str, str], ...]


def get_claim_for(viewer: Membership | None, ref: str) -> Instalment:
    """Return the instalment to claim. Raises Instalment.DoesNotExist for who does not manage the carrier."""
    found = get_instalment_for(viewer, ref)
    if not may_manage(viewer, found.agreement.action):
        raise Instalment.DoesNotExist
    return found


def claimed_period(instalment: Instalment, on: date) -> tuple[date, date]:
    """Return the period proposed for a claim made that day: from the start of the agreement to that day, or its end."""
    agreement = instalment.agreement
    return agreement.starts, max(agreement.starts, min(agreement.ends, on))


def list_claim_lines_for(
    viewer: Membership | None, agreement: FundingAgreement, since: date, until: date
) -> list[ClaimLine]:
    """Return the parcours in the action during a period, those that miss something first, by name.

    Nothing for who does not manage the carrier. Of a file closed to her, or protected, the viewer learns only that it
    is counted. Six queries.
    """
    if not may_manage(viewer, agreement.action):
        return []
    inside = Q(closed_on__isnull=True) | Q(closed_on__gte=since)
    enrolments = list(
        Enrolment.objects.filter(inside, action=agreement.action, opened_on__lte=until)
        .exclude(state=EnrolmentState.CANCELLED)
        .select_related("person")
    )
    people = {one.person_id for one in enrolments}
    named = _named_among(viewer, people)
    papers = _papers(named)
    known = _Known(agreement, people)
    lines = [_line(one, agreement.evidence, papers, named, known) for one in enrolments]
    return sorted(lines, key=lambda line: (line.is_complete, line.enrolment.person.search_key, line.enrolment.pk))


class _Known:
    """What other apps know of these people in the action."""

    def __init__(self, agreement: FundingAgreement, people: Iterable[int]) -> None:
        action = agreement.action
        signed = Commitment.objects.filter(enrolment__action=action, state=CommitmentState.SIGNED)
        self.signed = set(signed.values_list("enrolment", flat=True))
        present = Attendance.objects.filter(
            planned__session__action=action, person__in=people, state=AttendanceState.PRESENT
        )
        self.attended = set(present.values_list("person", flat=True))
        contracts = WorkContract.objects.filter(action=action, cancelled_at__isnull=True)
        self.contracted = set(contracts.values_list("enrolment", flat=True))


def _named_among(viewer: Membership | None, people: Iterable[int]) -> set[int]:
    """Those of these people whose file is open to the viewer, protected ones to their referent team."""
    return set(searchable_people(viewer).filter(pk__in=people).values_list("pk", flat=True))


def _papers(people: Iterable[int]) -> dict[int, list[Document]]:
    """The documents that prove something, by person; sensitive ones are left aside, whoever asks."""
    found: dict[int, list[Document]] = defaultdict(list)
    documents = Document.objects.filter(person__in=people, kind__in=DOCUMENTS, is_sensitive=False)
    for document in documents.order_by("person", "kind", "-uploaded_at"):
        found[document.person_id].append(document)
    return found


def _line(
    enrolment: Enrolment,
    asked: list[str],
    papers: dict[int, list[Document]],
    named: set[int],
    known: _Known,
) -> ClaimLine:
    person = enrolment.person
    is_named = person.pk in named
    own = papers.get(person.pk, [])
    held = Held(
        entered_on=enrolment.opened_on,
        papers=tuple(Paper(one.kind, one.valid_until) for one in own),
        is_open=is_named,
        has_signed=enrolment.pk in known.signed,
        has_attended=person.pk in known.attended,
        left_for_a_job=enrolment.close_reason == CloseReason.JOB,
        has_contract=enrolment.pk in known.contracted,
    )
    shown = tuple(one for one in own if one.kind in asked)
    return ClaimLine(enrolment, missing_evidence(asked, held), shown, is_named)


def list_session_sheets_for(viewer: Membership | None, claim: ClaimFile) -> list[SessionSheet]:
    """Return the sessions of the period whose attendance is noted, in order, with those counted in the claim.

    Nothing for who does not manage the carrier; who may not be named is « Dossier non visible ». Two queries.
    """
    agreement = claim.instalment.agreement
    if not may_manage(viewer, agreement.action):
        return []
    counted = claim.participants.values("enrolment__person")
    named = set(searchable_people(viewer).filter(pk__in=counted).values_list("pk", flat=True))
    attendances = (
        Attendance.objects.filter(
            planned__session__action=agreement.action,
            planned__starts__date__range=(claim.since, claim.until),
            person__in=counted,
        )
        .select_related("planned__session", "person")
        .order_by("planned__starts", "planned", "person__search_key")
    )
    sheets: dict[int, tuple[Any, list[tuple[str, str, str]]]] = {}
    for one in attendances:
        row = (_name(one.person, named), one.get_state_display(), f"{one.hours:g}" if one.hours is not None else "")
        sheets.setdefault(one.planned_id, (one.planned, []))[1].append(row)
    return [
        SessionSheet(planned.session.title, planned.starts, planned.ends, tuple(rows))
        for planned, rows in sheets.values()
    ]


def _name(person: Person, named: set[int]) -> str:
    return f"{person.last_name.upper()} {person.first_name}" if person.pk in named else UNSEEN


def list_claim_files_of(instalment: Instalment) -> QuerySet[ClaimFile]:
    """Return the files made for an instalment obtained through ``get_claim_for``, latest first, with ``parcours`` and
    ``complete``: how many are counted, and of how many nothing was missing.
    """
    found = ClaimFile.objects.filter(instalment=instalment).select_related("made_by")
    complete = Count("participants", filter=Q(participants__missing=[]))
    return found.annotate(parcours=Count("participants"), complete=complete).order_by("-made_at", "-pk")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """An indicator of a frozen file whose value is not the same today."""

    label: str
    unit: str
    then: Any
    now: Any


def list_figures_since(claim: ClaimFile) -> list[FigureChange]:
    """Return the figures of a frozen file that another reading gives today: same period, same day, today's facts.

    For who obtained the file through ``get_claim_file_for``. One query.
    """
    action = claim.instalment.agreement.action
    bilan = compute_bilan(action, since=claim.since, until=claim.until, on=claim.observed_on)
    today = {row.id: row.value for row in bilan.rows}
    return [
        FigureChange(row["label"], row["unit"], row["value"], today[row["id"]])
        for row in claim.figures["indicators"]
        if row["id"] in today and today[row["id"]] != row["value"]
    ]


def get_claim_file_for(viewer: Membership | None, ref: str) -> ClaimFile:
    """Return a file already made, its instalment and agreement. Raises ClaimFile.DoesNotExist as ``get_claim_for``."""
    related = ClaimFile.objects.select_related("instalment__agreement__action__organisation", "made_by")
    found = related.select_related("instalment__agreement__funder", "instalment__agreement__action__practice").get(
        ref=ref
    )
    if not may_manage(viewer, found.instalment.agreement.action):
        raise ClaimFile.DoesNotExist
    return found


def list_frozen_lines_for(viewer: Membership | None, claim: ClaimFile) -> list[ClaimLine]:
    """Return the participants of a file as they were counted, with the documents that they have now.

    Nothing for who does not manage the carrier. Four queries.
    """
    if not may_manage(viewer, claim.instalment.agreement.action):
        return []
    counted = list(ClaimParticipant.objects.filter(claim=claim).select_related("enrolment__person"))
    people = {one.enrolment.person_id for one in counted}
    named = _named_among(viewer, people)
    papers = _papers(named)
    lines = []
    for one in counted:
        person = one.enrolment.person
        shown = tuple(paper for paper in papers.get(person.pk, []) if paper.kind in claim.evidence)
        lines.append(ClaimLine(one.enrolment, tuple(one.missing), shown, person.pk in named))
    return sorted(lines, key=lambda line: (line.enrolment.person.search_key, line.enrolment.pk))


def list_owed_evidence(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    """Return those of these people counted by an agreement that asks for evidence and is not settled that day: what
    proves it is kept until then, whatever the age of their file.
    """
    counted = Enrolment.objects.filter(
        action__agreements__state=AgreementState.SIGNED,
        action__agreements__starts__lte=on,
        action__agreements__evidence__len__gt=0,
        opened_on__lte=F("action__agreements__ends"),
    ).exclude(state=EnrolmentState.CANCELLED)
    return people.filter(pk__in=counted.values("person"))
