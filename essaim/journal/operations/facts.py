"""``record`` and ``void_fact``: how the instruments write the journal, one fact at a time."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.engine.content import digest
from essaim.journal.engine.facts import check_data, check_reference
from essaim.journal.engine.faults import FaultError
from essaim.journal.engine.local_kinds import check_local_data
from essaim.journal.engine.moments import parse_moment, write_moment
from essaim.journal.engine.schema import load_schema
from essaim.journal.enums import ActionState
from essaim.journal.models import Action, Fact, Session, Subject, new_fact_ref
from essaim.journal.operations.subscribers import defer_subscribers
from essaim.kernel.errors import OperationError
from essaim.kernel.instruments import all_fact_kinds, all_instruments, all_step_kinds
from essaim.people.models import Person

_VOID = {"void": True}


class UndeclaredFact(OperationError):  # noqa: N818 - the words of the screen
    """The instrument or step kind did not declare that it records this kind of fact."""


class InvalidFact(OperationError):  # noqa: N818 - the words of the screen
    """The fact does not have the form its kind demands; ``code`` is that of FACTS §7."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ActionNotOpen(OperationError):  # noqa: N818 - the words of the screen
    """The action is closed, or comes from an imported journal."""


class FactAlreadyCorrected(OperationError):  # noqa: N818 - the words of the screen
    """Someone else corrected this fact first."""


@transaction.atomic
def record(
    kind: str,
    *,
    emitter: str,
    action: Action | None,
    at: date | datetime,
    by: Membership | None,
    now: datetime,
    source: str = "declared",
    person: Person | None = None,
    organisation: Organisation | None = None,
    session: Session | None = None,
    cohort: str | None = None,
    event: str | None = None,
    data: Mapping[str, Any] | None = None,
    corrects: Fact | None = None,
) -> Fact:
    """Write one fact, in the transaction of the operation that causes it, and defer one job per subscriber.

    ``emitter`` is the key of the step kind ("journeys.enrolment") or of the instrument ("employers") that records;
    ``at`` a Paris day or an aware moment; ``by`` the author, None only for an answer given by link; ``corrects`` the
    fact that this one replaces, which stops being live. ``action`` may be None only for a local kind.

    Raises UndeclaredFact, ActionNotOpen, InvalidFact (same rules and codes as the import) or FactAlreadyCorrected.
    """
    _refuse_undeclared(kind, emitter)
    _refuse_closed(kind, action)
    subject = _subject_of(person, action) if person else None
    content = _content(
        kind, action, at, source, subject, organisation, session, cohort, event, dict(data or {}), corrects
    )
    _check(content, corrects, session, action)
    return _insert(
        content, action=action, subject=subject, organisation=organisation, session=session, corrects=corrects,
        by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def void_fact(fact: Fact, *, emitter: str, by: Membership | None, now: datetime) -> Fact:
    """Cancel ``fact``: record the void that corrects it, at the same moment and for the same person.

    A void may itself be corrected by a full fact. Raises as ``record``.
    """
    _refuse_undeclared(fact.kind, emitter)
    _refuse_closed(fact.kind, fact.action)
    at = date.fromisoformat(fact.at_text) if len(fact.at_text) == 10 else fact.at
    content = _content(
        fact.kind, fact.action, at, fact.source, fact.subject, fact.organisation, fact.session, fact.cohort,
        fact.event, dict(_VOID), fact,
    )  # fmt: skip
    return _insert(
        content, action=fact.action, subject=fact.subject, organisation=fact.organisation, session=fact.session,
        corrects=fact, by=by, now=now,
    )  # fmt: skip


def _refuse_undeclared(kind: str, emitter: str) -> None:
    if "." in emitter:
        step_kind = all_step_kinds().get(emitter)
        declared = step_kind is not None and kind in step_kind.emits
    else:
        instrument = all_instruments().get(emitter)
        declared = instrument is not None and any(kind == known.key for known in instrument.fact_kinds)
    if not declared or (kind not in load_schema().kinds and "." not in kind):
        raise UndeclaredFact(f"« {emitter} » n’a pas déclaré qu’il écrit des faits « {kind} » dans le fil.")


def _refuse_closed(kind: str, action: Action | None) -> None:
    if action is None:
        if "." not in kind:
            raise ActionNotOpen("Ce fait appartient à une action : indiquez laquelle.")
        return
    if action.is_imported:
        raise ActionNotOpen("Cette action vient d’un journal importé : elle se lit mais ne se modifie pas.")
    if action.state != ActionState.OPEN:
        raise ActionNotOpen("Cette action est terminée : plus rien ne s’y ajoute.")


def _subject_of(person: Person, action: Action | None) -> Subject:
    return Subject.objects.get_or_create(person=person, action=action)[0]


def _content(
    kind: str,
    action: Action | None,
    at: date | datetime,
    source: str,
    subject: Subject | None,
    organisation: Organisation | None,
    session: Session | None,
    cohort: str | None,
    event: str | None,
    data: dict[str, Any],
    corrects: Fact | None,
) -> dict[str, Any]:
    """Return the fact as the journal format writes it: what is checked here, exported later, and digested."""
    optional = {
        "action": action and action.ref,
        "person": subject and subject.ref,
        "organisation": organisation and organisation.ref,
        "session": session and session.ref,
        "cohort": cohort,
        "event": event,
        "corrects": corrects and corrects.ref,
    }
    content = {"id": new_fact_ref(), "kind": kind, "at": write_moment(at), "source": source, "data": data}
    return content | {key: value for key, value in optional.items() if value is not None}


def _check(content: dict[str, Any], corrects: Fact | None, session: Session | None, action: Action | None) -> None:
    schema = load_schema()
    try:
        for key in ("cohort", "event"):
            if key in content:
                check_reference(key, content[key])
        if content["source"] not in schema.sources:
            raise FaultError("E_SOURCE", f"source « {content['source']} » inconnue")
        if session is not None and session.action_id != (action and action.pk):
            raise FaultError("E_SESSION_ACTION", "cette séance est celle d’une autre action")
        if corrects is not None and corrects.kind != content["kind"]:
            raise FaultError("E_CORRECTS_KIND", "une correction garde la nature du fait corrigé")
        if corrects is not None and corrects.action_id != (action and action.pk):
            raise FaultError("E_CORRECTS_ACTION", "une correction garde l’action du fait corrigé")
        day = parse_moment(content["at"])[1]
        if content["kind"] in schema.kinds:
            check_data(schema.kinds[content["kind"]], content, day)
        else:
            check_local_data(all_fact_kinds()[content["kind"]], content)
    except FaultError as fault:
        raise InvalidFact(fault.code, fault.message) from None
    except ValueError:
        raise InvalidFact("E_DATE", "la date du fait doit être entre 1900 et 2100") from None


def _insert(
    content: dict[str, Any],
    *,
    action: Action | None,
    subject: Subject | None,
    organisation: Organisation | None,
    session: Session | None,
    corrects: Fact | None,
    by: Membership | None,
    now: datetime,
) -> Fact:
    at, day = parse_moment(content["at"])
    is_exported = content["kind"] in load_schema().kinds
    fact = Fact(
        ref=content["id"],
        action=action,
        kind=content["kind"],
        at=at,
        at_text=content["at"],
        day=day,
        source=content["source"],
        subject=subject,
        organisation=organisation,
        session=session,
        cohort=content.get("cohort"),
        event=content.get("event"),
        data=content["data"],
        corrects=corrects,
        live=content["data"] != _VOID,
        recorded_at=now,
        author=by.user if by else None,
        author_organisation=by.organisation if by else None,
        content_digest=digest(content) if is_exported else None,
    )
    if corrects is None:
        fact.save(force_insert=True)
    else:
        _replace(corrects, fact, now)
    defer_subscribers(fact=fact)
    return fact


def _replace(corrects: Fact, fact: Fact, now: datetime) -> None:
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError as error:
        if "corrects_id" not in str(error):
            raise
        raise FactAlreadyCorrected("Ce fait vient d’être corrigé par quelqu’un d’autre : rechargez la page.") from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_supersede_facts(%s::bigint[], %s)", [[corrects.pk], now])
    corrects.live, corrects.superseded_at = False, now
