"""Signing by a link without account: opening the link, and the answer it brings."""

from datetime import datetime, timedelta

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journeys.enums import CommitmentState, Signatory, SignatureMeans
from essaim.journeys.models import Commitment
from essaim.journeys.operations.commitments import CommitmentRefused, sign_commitment
from essaim.journeys.operations.path_rules import require_following
from essaim.journeys.queries.commitments import (
    SIGNATURE_LINK,
    get_commitment_to_sign,
    missing_signatories,
    signature_subject,
)
from essaim.kernel.days import paris_day
from essaim.kernel.operations.links import LinkClosedError, answer_link, create_answer_link, revoke_answer_links

LINK_DAYS = 14


@transaction.atomic
def open_signature_link(*, commitment: Commitment, signatory: str, by: Membership, now: datetime) -> str:
    """Return the token of a link by which one signatory reads the document and signs it, for a fortnight.

    The former link of the same signatory closes; this one ends with the parcours, or when she is reached otherwise.
    Refused (CommitmentRefused): as ``sign_commitment``; for the facilitator, who has an account.
    """
    require_following(enrolment=commitment.enrolment, by=by, refusal=CommitmentRefused)
    if commitment.state != CommitmentState.PREPARED or signatory not in missing_signatories(commitment):
        raise CommitmentRefused("Cette signature n’est plus attendue.")
    if signatory == Signatory.FACILITATOR:
        raise CommitmentRefused("L’animation signe ici, avec son compte.")
    subject = signature_subject(commitment, signatory)
    revoke_answer_links(purpose=SIGNATURE_LINK, subject_ref=subject, now=now)
    _, token = create_answer_link(
        purpose=SIGNATURE_LINK, subject_ref=subject, expires_at=now + timedelta(days=LINK_DAYS), now=now
    )
    return token


@transaction.atomic
def sign_by_link(*, token: str, now: datetime) -> Commitment:
    """Write the signature that a link brings. Raises LinkClosedError: wrong, expired, closed, used already.

    Sent twice at once, the second waits for the first and finds the link closed.
    """
    answer = answer_link(token=token, purpose=SIGNATURE_LINK, data={"answer": "signed"}, now=now)
    try:
        commitment = get_commitment_to_sign(answer.link.subject_ref)
        signed = sign_commitment(
            commitment=commitment,
            signatory=answer.link.subject_ref.split(":")[1],
            means=SignatureMeans.LINK,
            signed_on=paris_day(now),
            by=None,
            now=now,
        )
    except (Commitment.DoesNotExist, CommitmentRefused) as closed:
        raise LinkClosedError("Ce lien ne permet plus de répondre.") from closed
    revoke_answer_links(purpose=SIGNATURE_LINK, subject_ref=answer.link.subject_ref, now=now)
    return signed


@transaction.atomic
def disown_link(*, token: str, now: datetime) -> None:
    """Close a link that reached someone else (« Ce n’est pas moi »). Raises LinkClosedError."""
    answer = answer_link(token=token, purpose=SIGNATURE_LINK, data={"answer": "not_me"}, now=now)
    revoke_answer_links(purpose=SIGNATURE_LINK, subject_ref=answer.link.subject_ref, now=now)
