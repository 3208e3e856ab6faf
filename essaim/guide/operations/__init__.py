"""The only writers of the guide, one module a subject."""

from essaim.guide.operations.indexing import index_practice
from essaim.guide.operations.loading import LoadedPractices, PracticeFilesError, load_practices
from essaim.guide.operations.reviews import (
    comment_on_variant,
    publish_variant,
    refuse_variant,
    return_variant,
    submit_variant,
    withdraw_variant,
)
from essaim.guide.operations.variants import (
    PracticeFileRefused,
    VariantRefused,
    edit_variant,
    import_practice,
    propose_variant,
    renew_variant,
)

__all__ = [
    "LoadedPractices",
    "PracticeFileRefused",
    "PracticeFilesError",
    "VariantRefused",
    "comment_on_variant",
    "edit_variant",
    "import_practice",
    "index_practice",
    "load_practices",
    "propose_variant",
    "publish_variant",
    "refuse_variant",
    "renew_variant",
    "return_variant",
    "submit_variant",
    "withdraw_variant",
]
