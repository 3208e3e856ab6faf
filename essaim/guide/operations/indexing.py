"""Writing the passages that the search reads."""

from __future__ import annotations

import json
from hashlib import sha256

from django.db import transaction

from essaim.guide.engine.passages import PASSAGES, Passage, passages_of
from essaim.guide.models import Practice, PracticePassage
from essaim.guide.queries import practice_file, read_need_phrases


def index_practice(*, practice: Practice) -> bool:
    """Write the passages of a version of a practice if they are not those it should have. Returns whether it wrote.

    The passages are derived from the practice and from the needs that lead to it: writing them again is harmless.
    """
    passages = passages_of(practice_file(practice), read_need_phrases())
    digest = _digest(passages)
    if practice.passages_digest == digest:
        return False
    with transaction.atomic():
        PracticePassage.objects.filter(practice=practice).delete()
        PracticePassage.objects.bulk_create(
            PracticePassage(practice=practice, rank=rank, part=part.part, weight=part.weight, text=part.text)
            for rank, part in enumerate(passages)
        )
        practice.passages_digest = digest
        practice.save(update_fields=["passages_digest"])
    return True


def _digest(passages: list[Passage]) -> str:
    content = [PASSAGES, [[passage.part, passage.text] for passage in passages]]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
