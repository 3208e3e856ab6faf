"""From a draft to the catalogue: someone else reads a variant over, publishes or refuses it; later it may leave."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.guide.engine import practice_from_definition
from essaim.guide.engine.practice import find_faults
from essaim.guide.engine.writing import text_of_format
from essaim.guide.enums import VariantEventKind, VariantState
from essaim.guide.models import Practice, Variant
from essaim.guide.operations.indexing import index_practice
from essaim.guide.operations.variants import LONGEST_WORDS, VariantRefused, note_event
from essaim.guide.permissions import (
    may_edit_variant,
    may_read_variant,
    may_review_variant,
    may_withdraw_variant,
)
from essaim.guide.queries import offered_by_instruments
from essaim.guide.queries.variants import has_written_in
from essaim.kernel.edit_versions import check_version


@transaction.atomic
def submit_variant(*, variant: Variant, version: int, by: Membership, now: datetime) -> Variant:
    """Put a draft to review: nobody writes in it any more.

    Refused (VariantRefused): by someone outside the team, when it is no draft; EditConflict when it changed meanwhile.
    """
    locked = check_version(variant, version)
    if not may_edit_variant(by, locked):
        raise VariantRefused("Seul un brouillon de votre équipe peut être mis en relecture.")
    locked.state, locked.submitted_by, locked.submitted_at = VariantState.REVIEW, by.user, now
    locked.save(update_fields=["state", "submitted_by", "submitted_at", "version"])
    note_event(variant=locked, kind=VariantEventKind.SUBMITTED, by=by, now=now)
    return locked


@transaction.atomic
def comment_on_variant(*, variant: Variant, text: str, by: Membership, now: datetime) -> None:
    """Add a comment to the history of a variant. Refused (VariantRefused): outside the team, no words, too many."""
    if not may_read_variant(by, variant):
        raise VariantRefused("Vous ne pouvez pas commenter cette variante.")
    note_event(variant=variant, kind=VariantEventKind.COMMENTED, text=_words(text), by=by, now=now)


@transaction.atomic
def return_variant(*, variant: Variant, text: str, version: int, by: Membership, now: datetime) -> Variant:
    """Give a variant in review back to its team, saying what to change: a draft again.

    Refused (VariantRefused): by who wrote in it or is outside the team, when it is not in review, without words;
    EditConflict when it was decided meanwhile.
    """
    locked = _in_review(variant, version, by)
    words = _words(text)
    locked.state, locked.submitted_by, locked.submitted_at = VariantState.DRAFT, None, None
    locked.save(update_fields=["state", "submitted_by", "submitted_at", "version"])
    note_event(variant=locked, kind=VariantEventKind.RETURNED, text=words, by=by, now=now)
    return locked


@transaction.atomic
def refuse_variant(*, variant: Variant, text: str, version: int, by: Membership, now: datetime) -> Variant:
    """Refuse a variant in review, with the reason. Refused as ``return_variant``."""
    locked = _in_review(variant, version, by)
    words = _words(text)
    locked.state, locked.refusal, locked.decided_by, locked.decided_at = VariantState.REFUSED, words, by.user, now
    locked.save(update_fields=["state", "refusal", "decided_by", "decided_at", "version"])
    note_event(variant=locked, kind=VariantEventKind.REFUSED, text=words, by=by, now=now)
    return locked


@transaction.atomic
def publish_variant(*, variant: Variant, version: int, by: Membership, now: datetime, text: str = "") -> Variant:
    """Publish a variant in review: a practice of the catalogue, that can be launched like the others.

    Guarantees a new version under its address, that the search finds; the one before no longer in force, both kept for
    the actions launched with them. Refused as ``return_variant``, words aside; a content that instruments changed
    meanwhile no longer carry (VariantRefused); of several people deciding at once, one is heard and the others told.
    """
    locked = _in_review(variant, version, by)
    definition = {**locked.definition, "slug": locked.slug}
    if locked.parent is not None:
        definition["parent"] = locked.parent.slug
    if faults := find_faults(definition, offered_by_instruments()):
        raise VariantRefused("Le contenu de cette variante est à corriger avant d’être publié.", faults=faults)
    practice = practice_from_definition(definition)
    former = Practice.objects.select_for_update().filter(slug=locked.slug).order_by("-version")
    last = next(iter(former.values_list("version", flat=True)), 0)
    former.filter(is_current=True).update(is_current=False)
    locked.practice = Practice.objects.create(
        slug=locked.slug,
        version=last + 1,
        position=practice.number,
        title=practice.title,
        theme=practice.theme,
        digest=sha256(text_of_format(definition).encode()).hexdigest(),
        definition=definition,
        loaded_at=now,
        organisation=locked.organisation,
        parent=locked.parent,
    )
    index_practice(practice=locked.practice)
    locked.state, locked.decided_by, locked.decided_at = VariantState.PUBLISHED, by.user, now
    locked.save(update_fields=["practice", "state", "decided_by", "decided_at", "version"])
    note_event(variant=locked, kind=VariantEventKind.PUBLISHED, text=text.strip()[:LONGEST_WORDS], by=by, now=now)
    return locked


@transaction.atomic
def withdraw_variant(*, variant: Variant, version: int, by: Membership, now: datetime, text: str = "") -> Variant:
    """Withdraw a variant: a draft is given up, a published one leaves the catalogue. Actions launched with it go on.

    Refused (VariantRefused): by someone who is neither its author nor a manager of the team, when it was refused or
    withdrawn already; EditConflict when it changed meanwhile.
    """
    locked = check_version(variant, version)
    if not may_withdraw_variant(by, locked):
        raise VariantRefused("Vous ne pouvez pas retirer cette variante.")
    if locked.practice is not None:
        Practice.objects.filter(pk=locked.practice.pk).update(is_current=False)
    locked.state, locked.withdrawn_by, locked.withdrawn_at = VariantState.WITHDRAWN, by.user, now
    locked.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "version"])
    note_event(variant=locked, kind=VariantEventKind.WITHDRAWN, text=text.strip()[:LONGEST_WORDS], by=by, now=now)
    return locked


def _in_review(variant: Variant, version: int, by: Membership) -> Variant:
    locked = check_version(variant, version)
    if locked.state != VariantState.REVIEW:
        raise VariantRefused("Cette variante n’est pas en relecture.")
    if not may_review_variant(by, locked, has_written=has_written_in(locked, by.user)):
        raise VariantRefused("Une variante est relue et décidée par quelqu’un d’autre que ceux qui l’ont écrite.")
    return locked


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise VariantRefused("Écrivez en quelques mots ce que vous en pensez.", field="text")
    if len(words) > LONGEST_WORDS:
        raise VariantRefused(f"{LONGEST_WORDS} caractères au plus.", field="text")
    return words
