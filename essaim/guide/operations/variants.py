"""Writing a practice of one's own: proposing it, from another one or from a file, and changing it until it is ready."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from essaim.accounts.models import Membership
from essaim.guide.engine import Fault, PracticeFile, practice_from_definition
from essaim.guide.engine.practice import find_faults
from essaim.guide.engine.source import Path
from essaim.guide.engine.variation import vary
from essaim.guide.enums import VariantEventKind, VariantState
from essaim.guide.models import Practice, Variant, VariantEvent
from essaim.guide.permissions import may_edit_variant, may_propose
from essaim.guide.queries import offered_by_instruments, practice_file
from essaim.guide.queries.exchange import read_proposal
from essaim.kernel.codes import new_code
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

LONGEST_WORDS = 2000
LONGEST_TITLE = 200


class VariantRefused(OperationError):  # noqa: N818 - the words of the screen
    """A variant that cannot be so. ``faults`` are (path in the definition, message), when its content is wrong."""

    def __init__(self, message: str, *, field: str | None = None, faults: Sequence[tuple[Path, str]] = ()) -> None:
        super().__init__(message, field=field)
        self.faults = tuple(faults)


class PracticeFileRefused(OperationError):  # noqa: N818 - the words of the screen
    """A file that is not a practice: ``faults`` say where and why, line by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Ce fichier n’est pas encore une fiche : corrigez les lignes signalées.")
        self.faults = tuple(faults)


@transaction.atomic
def propose_variant(
    *,
    practice: Practice,
    title: str,
    changes: str,
    reason: str,
    by: Membership,
    now: datetime,
    settings: Mapping[str, Any] | None = None,
    tried_in: str = "",
) -> Variant:
    """Start the draft of a variant of a practice in force, with the values that ``settings`` gives.

    ``tried_in`` is the code of the action whose settings they are. Refused (VariantRefused): a role that does not
    propose, a practice no longer in force, an empty title, change or reason, a value that a setting does not take.
    """
    if not may_propose(by):
        raise VariantRefused("Votre rôle ne permet pas de proposer une variante.")
    if not Practice.objects.filter(pk=practice.pk, is_current=True).exists():
        raise VariantRefused("Cette fiche n’est plus proposée : elle ne peut plus avoir de variante.")
    _check_words(title, changes, reason)
    parent = practice_file(practice)
    known = {key: value for key, value in (settings or {}).items() if key in parent.settings}
    definition = vary(parent, title=title, texts={}, settings=known)
    slug = _new_slug(title)
    definition |= {"slug": slug, "parent": parent.slug}
    _refuse_faults(definition)
    return _create(slug, practice, title, changes, reason, definition, tried_in, by, now)


@transaction.atomic
def import_practice(*, text: str, filename: str, changes: str, reason: str, by: Membership, now: datetime) -> Variant:
    """Start a draft from the text of a practice file, exactly as it says.

    A file whose ``parent``, else whose slug, is that of a practice in force here is a variant of it; any other is a
    practice of one's own. Refused: a role that does not propose, an empty change or reason (VariantRefused); anything
    that ``practices check`` would say (PracticeFileRefused, line by line).
    """
    if not may_propose(by):
        raise VariantRefused("Votre rôle ne permet pas de proposer une fiche.")
    found = read_proposal(text, filename)
    if not isinstance(found, PracticeFile):
        raise PracticeFileRefused(found)
    _check_words(found.title, changes, reason)
    current = Practice.objects.filter(is_current=True, slug__in=[found.parent, found.slug]).order_by("pk")
    by_slug = {practice.slug: practice for practice in current}
    parent = by_slug.get(found.parent) or by_slug.get(found.slug)
    slug = _new_slug(found.title)
    return _create(slug, parent, found.title, changes, reason, dict(found.definition), "", by, now)


@transaction.atomic
def edit_variant(
    *,
    variant: Variant,
    title: str,
    changes: str,
    reason: str,
    texts: Mapping[str, str | list[str]],
    settings: Mapping[str, Any],
    version: int,
    by: Membership,
    now: datetime,
) -> Variant:
    """Rewrite a draft: its title, what it changes and why, its texts and the values of its settings.

    Refused (VariantRefused): by someone outside the team, once it is in review, empty words, and a content that is no
    longer a practice (``faults``); EditConflict when someone else wrote in it meanwhile.
    """
    if not may_edit_variant(by, variant):
        raise VariantRefused("Cette variante ne peut plus être modifiée.")
    _check_words(title, changes, reason)
    locked = check_version(variant, version)
    if locked.state != VariantState.DRAFT:
        raise VariantRefused("Cette variante ne peut plus être modifiée : elle est en relecture ou décidée.")
    practice = practice_from_definition(locked.definition)
    origin = practice_file(locked.parent) if locked.parent else None
    definition = vary(practice, title=title, texts=texts, settings=settings, origin=origin)
    _refuse_faults(definition)
    locked.title, locked.changes, locked.reason, locked.definition = title, changes, reason, definition
    locked.save(update_fields=["title", "changes", "reason", "definition", "version"])
    note_event(variant=locked, kind=VariantEventKind.EDITED, by=by, now=now)
    return locked


@transaction.atomic
def renew_variant(*, variant: Variant, changes: str, reason: str, by: Membership, now: datetime) -> Variant:
    """Start the draft of the next version of a published variant: the same practice, under the same address.

    Refused (VariantRefused): by someone outside the team, a variant that is not in force, a next version already in the
    making, empty words.
    """
    if not may_propose(by) or by.organisation_id != variant.organisation_id:
        raise VariantRefused("Votre rôle ne permet pas de proposer une variante.")
    practice = variant.practice
    if variant.state != VariantState.PUBLISHED or practice is None or not practice.is_current:
        raise VariantRefused("Seule une variante en vigueur peut avoir une version suivante.")
    _check_words(variant.title, changes, reason)
    definition = deepcopy(practice.definition)
    try:
        with transaction.atomic():
            return _create(variant.slug, variant.parent, variant.title, changes, reason, definition, "", by, now)
    except IntegrityError as error:
        raise VariantRefused("La version suivante est déjà en préparation.") from error


def note_event(*, variant: Variant, kind: VariantEventKind, by: Membership, now: datetime, text: str = "") -> None:
    """Write in the history of a variant what was done, by whom and with which words."""
    VariantEvent.objects.create(variant=variant, kind=kind, text=text, by=by.user, at=now)


def _create(
    slug: str,
    parent: Practice | None,
    title: str,
    changes: str,
    reason: str,
    definition: dict[str, Any],
    tried_in: str,
    by: Membership,
    now: datetime,
) -> Variant:
    variant = Variant.objects.create(
        organisation=by.organisation,
        parent=parent,
        slug=slug,
        title=title,
        changes=changes,
        reason=reason,
        tried_in=tried_in,
        definition=definition,
        author=by.user,
        created_at=now,
    )
    note_event(variant=variant, kind=VariantEventKind.PROPOSED, by=by, now=now)
    return variant


def _new_slug(title: str) -> str:
    return f"{slugify(title)[:44].strip('-') or 'variante'}-{new_code('v', length=8).lower()}"


def _check_words(title: str, changes: str, reason: str) -> None:
    for field, words, longest in (
        ("title", title, LONGEST_TITLE),
        ("changes", changes, LONGEST_WORDS),
        ("reason", reason, LONGEST_WORDS),
    ):
        if not words.strip():
            raise VariantRefused("À remplir.", field=field)
        if len(words) > longest:
            raise VariantRefused(f"{longest} caractères au plus.", field=field)


def _refuse_faults(definition: Mapping[str, Any]) -> None:
    if faults := find_faults(definition, offered_by_instruments()):
        raise VariantRefused("La variante ne peut pas être gardée ainsi : corrigez ce qui est signalé.", faults=faults)
