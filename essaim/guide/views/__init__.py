"""Pages of the guide, one module a subject."""
