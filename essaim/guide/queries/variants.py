"""Variants: those that a team prepares, and those that are published."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from essaim.accounts.models import Membership, User
from essaim.guide.engine import PracticeFile, practice_from_definition
from essaim.guide.engine.variation import Variation, list_variations
from essaim.guide.enums import WRITING, VariantState
from essaim.guide.models import Practice, Variant, VariantEvent
from essaim.guide.permissions import may_propose
from essaim.guide.queries.practices import practice_file


def visible_variants(viewer: Membership | None) -> QuerySet[Variant]:
    """The variants that the viewer's organisation prepares or published; none for who may not propose any."""
    if viewer is None or not may_propose(viewer):
        return Variant.objects.none()
    return Variant.objects.filter(organisation_id=viewer.organisation_id)


def get_variant_for(viewer: Membership | None, ref: str) -> Variant:
    """Return the variant of this code. Raises Variant.DoesNotExist when the viewer may not read it."""
    people = ("author", "submitted_by", "decided_by", "withdrawn_by", "organisation")
    return visible_variants(viewer).select_related("parent", "practice", *people).get(ref=ref)


def list_variants_for(viewer: Membership | None) -> QuerySet[Variant]:
    """Return the variants of the viewer's organisation, latest first, without their content."""
    found = visible_variants(viewer).select_related("parent", "author", "practice")
    return found.defer("definition", "parent__definition", "practice__definition").order_by("-created_at", "-pk")


def list_events_of(variant: Variant) -> QuerySet[VariantEvent]:
    """Return the history of a variant the viewer obtained through ``get_variant_for``, oldest first."""
    return variant.events.select_related("by").order_by("pk")


def has_written_in(variant: Variant, user: User) -> bool:
    """Whether this account wrote in the variant, or put it to review."""
    return VariantEvent.objects.filter(variant=variant, by=user, kind__in=sorted(WRITING)).exists()


def variant_file(variant: Variant) -> PracticeFile:
    """Return the typed form of what a variant says now."""
    return practice_from_definition(variant.definition)


def list_variations_of(variant: Variant) -> tuple[Variation, ...]:
    """Return what a variant changes in the practice it comes from; nothing for a practice of one's own."""
    if variant.parent is None:
        return ()
    return list_variations(practice_file(variant.parent), variant_file(variant))


def count_variants_to_review_for(viewer: Membership) -> int:
    """Return how many variants of the viewer's organisation wait for her reading: she wrote nothing in them."""
    hers = VariantEvent.objects.filter(variant=OuterRef("pk"), by=viewer.user_id, kind__in=sorted(WRITING))
    waiting = visible_variants(viewer).filter(state=VariantState.REVIEW)
    return waiting.exclude(Exists(hers)).count()


def list_published_variants_of(slug: str) -> list[Practice]:
    """Return the variants in force of a practice, any version of it, without their content. The same for everyone."""
    found = Practice.objects.filter(is_current=True, parent__slug=slug).select_related("organisation")
    return list(found.defer("definition").order_by("title", "pk"))
