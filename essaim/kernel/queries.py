"""Reads of the kernel. Links answer by their token; messages by what they are about."""

from datetime import datetime

from django.db.models import Q, QuerySet

from essaim.kernel.links import token_fingerprint
from essaim.kernel.models import AnswerLink, LinkAnswer, Message


def open_links(now: datetime) -> QuerySet[AnswerLink]:
    """Links that may still be answered at that moment."""
    return AnswerLink.objects.filter(revoked_at__isnull=True, expires_at__gt=now)


def answer_link_for(token: str, *, purpose: str, now: datetime) -> AnswerLink:
    """Return the open link of this token and purpose.

    Wrong, expired, closed, or made for another purpose: one same AnswerLink.DoesNotExist, so that the page
    shown is the same and tells nothing. Reading changes nothing: mail scanners may follow the link as often
    as they like.
    """
    return open_links(now).get(token_hash=token_fingerprint(token), purpose=purpose)


def get_last_answer(link: AnswerLink) -> LinkAnswer | None:
    """Return the answer that counts, the last one, or None before the first."""
    return link.answers.order_by("-number").first()


def list_messages_about(kind: str, ref: str) -> QuerySet[Message]:
    """Messages about one object, the latest first. The caller has already been allowed to see that object."""
    return Message.objects.filter(about_kind=kind, about_ref=ref)


def list_messages_to_decide() -> QuerySet[Message]:
    """Messages nobody knows the fate of, or that failed: for the operator."""
    return Message.objects.filter(Q(state="uncertain") | Q(state="failed")).order_by("state_at", "pk")
