from django.db import models


class VariantState(models.TextChoices):
    DRAFT = "draft", "brouillon"
    REVIEW = "review", "en relecture"
    PUBLISHED = "published", "publiée"
    REFUSED = "refused", "refusée"
    WITHDRAWN = "withdrawn", "retirée"


class VariantEventKind(models.TextChoices):
    PROPOSED = "proposed", "proposée"
    EDITED = "edited", "modifiée"
    SUBMITTED = "submitted", "mise en relecture"
    COMMENTED = "commented", "commentée"
    RETURNED = "returned", "rendue pour être reprise"
    PUBLISHED = "published", "publiée"
    REFUSED = "refused", "refusée"
    WITHDRAWN = "withdrawn", "retirée"


# Who did one of these wrote the text: someone else reads it over.
WRITING = frozenset({VariantEventKind.PROPOSED, VariantEventKind.EDITED, VariantEventKind.SUBMITTED})
# An event that says nothing without words.
SPEAKING = frozenset({VariantEventKind.COMMENTED, VariantEventKind.RETURNED, VariantEventKind.REFUSED})
OPEN_STATES = frozenset({VariantState.DRAFT, VariantState.REVIEW})
