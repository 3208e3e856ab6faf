"""Commitments: prepared with their words frozen, signed by each signatory, cancelled. Row and fil say the same."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.operations import record, void_fact
from essaim.journeys.engine.commitments import mark_of
from essaim.journeys.enums import CommitmentState, EnrolmentState, Signatory, SignatureMeans
from essaim.journeys.models import Commitment, CommitmentSignature, Enrolment
from essaim.journeys.operations.path_rules import cohort_of, require_following, require_open
from essaim.journeys.operations.steps import complete_step, reset_step, skip_step
from essaim.journeys.queries.actions import settings_of
from essaim.journeys.queries.commitments import (
    KIND,
    SIGNATURE_LINK,
    commitment_content,
    commitment_steps,
    commitment_tools,
    expected_signatories,
    missing_signatories,
    required_tools,
    signature_subject,
)
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.kernel.operations.links import revoke_answer_links
from essaim.people.enums import DocumentKind
from essaim.people.models import Document
from essaim.people.operations import store_document

# FACTS §6.30: the documents that a fact can name; another one is told as a charter.
OTHER_DOCUMENT = "charter"


class CommitmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """A commitment that cannot be prepared, signed or cancelled so."""


@transaction.atomic
def prepare_commitment(*, enrolment: Enrolment, tool: str, by: Membership, now: datetime) -> Commitment:
    """Write a document to be signed: its words are frozen now, whatever the settings become.

    Prepared already and not cancelled, the same one is returned. Refused (CommitmentRefused): someone who does not
    follow people in this action or does not see this file, a parcours that is over, a document the practice has not.
    """
    require_following(enrolment=enrolment, by=by, refusal=CommitmentRefused)
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("group__facilitator").get(pk=enrolment.pk)
    locked.action, locked.person = enrolment.action, enrolment.person
    require_open(enrolment=locked, refusal=CommitmentRefused)
    known = commitment_tools(enrolment.action).get(tool)
    if known is None:
        raise CommitmentRefused("La fiche n’a pas ce document.")
    alive = locked.commitments.filter(tool=tool).exclude(state=CommitmentState.CANCELLED).first()
    if alive is not None:
        return alive
    facilitator = (locked.group and locked.group.facilitator) or locked.referent or by.user
    return Commitment.objects.create(
        enrolment=locked,
        tool=tool,
        document=str(known.settings.get("document") or OTHER_DOCUMENT),
        content=commitment_content(locked, known, facilitator),
        expected=expected_signatories(locked, paris_day(now)),
        prepared_at=now,
        prepared_by=by.user,
    )


@transaction.atomic
def prepare_required_commitments(*, enrolment: Enrolment, by: Membership, now: datetime) -> list[Commitment]:
    """Prepare the documents that an entry asks for; the step of one not asked for is told as irrelevant."""
    asked = required_tools(enrolment.action)
    for step in commitment_steps(enrolment.action):
        if settings_of(enrolment.action, step.key).get("tool") not in asked:
            skip_step(enrolment=enrolment, step=step.key, on=enrolment.opened_on)
    return [prepare_commitment(enrolment=enrolment, tool=tool, by=by, now=now) for tool in asked]


@transaction.atomic
def sign_commitment(
    *,
    commitment: Commitment,
    signatory: str,
    means: str,
    signed_on: date,
    scan: Document | None = None,
    by: Membership | None,
    now: datetime,
) -> Commitment:
    """Write the signature of one signatory; with the last one, ``commitment_signed`` and the step done.

    ``by`` is None only for an answer given by link. Refused (CommitmentRefused): someone who does not follow people
    in this action or does not see this file, a document already signed or cancelled, a signatory that it does not
    expect or who has signed, a day in the future or before the entry, a scan of someone else's file.
    """
    if by is not None:
        require_following(enrolment=commitment.enrolment, by=by, refusal=CommitmentRefused)
    locked = _take(commitment)
    _check_signature(locked, means, signed_on, scan, paris_day(now))
    _sign(locked, signatory, means, signed_on, scan, by, now)
    return _settle(locked, by, now)


@transaction.atomic
def sign_on_paper(
    *,
    commitment: Commitment,
    signed_on: date,
    scan: Document | None = None,
    upload: Any = None,
    by: Membership,
    now: datetime,
) -> Commitment:
    """Write at once every signature still missing: one sheet bears them all, ``upload`` being its scan.

    Refused as ``sign_commitment`` and as ``people.store_document``; then nothing is kept.
    """
    require_following(enrolment=commitment.enrolment, by=by, refusal=CommitmentRefused)
    locked = _take(commitment)
    if upload:
        scan = store_document(
            person=locked.enrolment.person,
            kind=DocumentKind.COMMITMENT,
            title=str(locked.content.get("title", "")),
            upload=upload,
            by=by,
            now=now,
        )
    _check_signature(locked, SignatureMeans.PAPER, signed_on, scan, paris_day(now))
    for signatory in missing_signatories(locked):
        _sign(locked, signatory, SignatureMeans.PAPER, signed_on, scan, by, now)
    return _settle(locked, by, now)


@transaction.atomic
def cancel_commitment(*, commitment: Commitment, version: int, by: Membership, now: datetime) -> Commitment:
    """Cancel a document, signed or not: its fact is voided, its links close, its step is to do again.

    Refused (CommitmentRefused): as ``prepare_commitment``, already cancelled; EditConflict.
    """
    require_following(enrolment=commitment.enrolment, by=by, refusal=CommitmentRefused)
    locked = check_version(commitment, version)
    locked.enrolment = commitment.enrolment
    if locked.state == CommitmentState.CANCELLED:
        raise CommitmentRefused("Ce document est déjà annulé.")
    if locked.fact is not None:
        void_fact(locked.fact, emitter=KIND, by=by, now=now)
    was_signed, locked.state = locked.state == CommitmentState.SIGNED, CommitmentState.CANCELLED
    locked.fact, locked.signed_on = None, None
    locked.save()
    _close_links(locked, now)
    if was_signed and locked.enrolment.state == EnrolmentState.OPEN:
        for step in commitment_steps(locked.enrolment.action, locked.tool):
            reset_step(enrolment=locked.enrolment, step=step.key, on=paris_day(now))
    return locked


def drop_commitments(*, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """Cancel the documents nobody has finished signing: the parcours they belong to is cancelled."""
    for one in enrolment.commitments.filter(state=CommitmentState.PREPARED):
        one.enrolment = enrolment
        cancel_commitment(commitment=one, version=one.version, by=by, now=now)


def _take(commitment: Commitment) -> Commitment:
    locked = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    locked.enrolment = commitment.enrolment
    if locked.state == CommitmentState.SIGNED:
        raise CommitmentRefused("Tout le monde a déjà signé ce document.")
    if locked.state == CommitmentState.CANCELLED or locked.enrolment.state == EnrolmentState.CANCELLED:
        raise CommitmentRefused("Ce document est annulé : préparez-en un autre.")
    return locked


def _check_signature(commitment: Commitment, means: str, signed_on: date, scan: Document | None, today: date) -> None:
    if means not in SignatureMeans.values:
        raise CommitmentRefused("Dites comment le document a été signé.", field="means")
    if signed_on > today:
        raise CommitmentRefused("La signature ne peut pas être dans l’avenir.", field="signed_on")
    if signed_on < commitment.enrolment.opened_on:
        raise CommitmentRefused(f"L’entrée date du {long_day(commitment.enrolment.opened_on)}.", field="signed_on")
    if scan is not None and (means != SignatureMeans.PAPER or scan.person_id != commitment.enrolment.person_id):
        raise CommitmentRefused("Ce papier n’est pas celui de ce dossier.", field="scan")


def _sign(
    commitment: Commitment,
    signatory: str,
    means: str,
    signed_on: date,
    scan: Document | None,
    by: Membership | None,
    now: datetime,
) -> None:
    if signatory not in commitment.expected:
        raise CommitmentRefused("Ce document n’attend pas cette signature.", field="signatory")
    if CommitmentSignature.objects.filter(commitment=commitment, signatory=signatory).exists():
        words = str(Signatory(signatory).label)
        raise CommitmentRefused(f"Déjà signé : {words}.", field="signatory")
    CommitmentSignature.objects.create(
        commitment=commitment,
        signatory=signatory,
        means=means,
        signed_on=signed_on,
        scan=scan,
        user=by.user if by else None,
        recorded_at=now,
    )


def _settle(commitment: Commitment, by: Membership | None, now: datetime) -> Commitment:
    """Save the row; once everybody has signed, write the fact and complete the step."""
    commitment.version += 1
    if not missing_signatories(commitment):
        enrolment = commitment.enrolment
        days = CommitmentSignature.objects.filter(commitment=commitment).order_by("-signed_on")
        commitment.state, commitment.signed_on = CommitmentState.SIGNED, days.values_list("signed_on", flat=True)[0]
        commitment.fact = record(
            "commitment_signed",
            emitter=KIND,
            action=enrolment.action,
            at=commitment.signed_on,
            person=enrolment.person,
            cohort=cohort_of(enrolment=enrolment),
            by=by,
            now=now,
            data={"document": commitment.document, "version": mark_of(commitment.content)},
        )
        for step in commitment_steps(enrolment.action, commitment.tool):
            complete_step(enrolment=enrolment, step=step.key, outcome="signed", on=commitment.signed_on, by=by, now=now)
        _close_links(commitment, now)
    commitment.save()
    return commitment


def _close_links(commitment: Commitment, now: datetime) -> None:
    for signatory in commitment.expected:
        revoke_answer_links(purpose=SIGNATURE_LINK, subject_ref=signature_subject(commitment, signatory), now=now)
