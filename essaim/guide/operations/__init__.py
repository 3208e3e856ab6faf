"""The only writers of the guide, one module a subject."""

from essaim.guide.operations.loading import LoadedPractices, PracticeFilesError, load_practices

__all__ = ["LoadedPractices", "PracticeFilesError", "load_practices"]
