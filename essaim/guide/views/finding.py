"""What a view looks for, or the page that says it does not exist: forbidden and unknown answer alike."""

from django.http import Http404

from essaim.guide.models import Practice, Variant
from essaim.guide.queries import get_practice, get_variant_for
from essaim.kernel.actors import MemberRequest


def find_practice(slug: str) -> Practice:
    """The practice in force at this address."""
    try:
        return get_practice(slug)
    except Practice.DoesNotExist:
        raise Http404 from None


def find_variant(request: MemberRequest, ref: str) -> Variant:
    """A variant of the reader's organisation."""
    try:
        return get_variant_for(request.membership, ref)
    except Variant.DoesNotExist:
        raise Http404 from None


def require(allowed: bool) -> None:
    """What may not be done does not exist."""
    if not allowed:
        raise Http404
