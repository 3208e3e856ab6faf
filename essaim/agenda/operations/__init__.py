"""The only writers of agenda, one module a subject."""
