"""The only writers of the guide, one module a subject."""

from essaim.guide.operations.indexing import index_practice
from essaim.guide.operations.loading import LoadedPractices, PracticeFilesError, load_practices

__all__ = ["LoadedPractices", "PracticeFilesError", "index_practice", "load_practices"]
