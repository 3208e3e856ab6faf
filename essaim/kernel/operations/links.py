"""Links without account: one purpose, an end, a token kept hashed.

A view shows the form on GET (``answer_link_for``) and answers on POST only (``answer_link``)::

    @access(PUBLIC, methods=("GET", "POST"))
    def cv_reply_page(request, token):
        link = answer_link_for(token, purpose=CV_REPLY, now=timezone.now())   # DoesNotExist: the neutral page
        …
        answer_link(token=token, purpose=CV_REPLY, data=form.cleaned_data, now=timezone.now())
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from essaim.kernel.errors import OperationError
from essaim.kernel.links import new_token, token_fingerprint
from essaim.kernel.models import AnswerLink, LinkAnswer
from essaim.kernel.queries import open_links


class LinkClosedError(OperationError):
    """The link is unknown, expired or closed: one same message, which does not say which."""


def create_answer_link(
    *, purpose: str, subject_ref: str, expires_at: datetime, now: datetime
) -> tuple[AnswerLink, str]:
    """Open a link for one purpose about one object and return it with its token, which cannot be read again
    later.

    ``purpose`` is a dotted name of the asking app ("employers.cv_reply"); ``subject_ref`` a public reference.
    Several open links may live side by side: one a recipient. Raises ValueError when it would end before it
    starts.
    """
    if expires_at <= now:
        raise ValueError("a link must expire after it is made")
    token = new_token()
    link = AnswerLink.objects.create(
        token_hash=token_fingerprint(token),
        purpose=purpose,
        subject_ref=subject_ref,
        created_at=now,
        expires_at=expires_at,
    )
    return link, token


def answer_link(*, token: str, purpose: str, data: dict[str, Any], now: datetime) -> LinkAnswer:
    """Keep an answer given by a link. The last one wins, the earlier ones stay as history.

    Two answers at once are put one after the other; the same answer sent twice in a row is kept once. The
    caller's operation calls this inside its own transaction, then acts on the answer. Raises LinkClosedError.
    """
    with transaction.atomic():
        link = open_links(now).select_for_update().filter(token_hash=token_fingerprint(token), purpose=purpose).first()
        if link is None:
            raise LinkClosedError("Ce lien ne permet plus de répondre.")
        last = link.answers.order_by("-number").first()
        if last is not None and last.data == data:
            return last
        number = last.number + 1 if last else 1
        return LinkAnswer.objects.create(link=link, number=number, data=data, answered_at=now)


def revoke_answer_links(*, purpose: str, subject_ref: str, now: datetime) -> int:
    """Close every open link about that object (its contact changed, its question is settled). Return how
    many.
    """
    return open_links(now).filter(purpose=purpose, subject_ref=subject_ref).update(revoked_at=now)
