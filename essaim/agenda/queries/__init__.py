"""Reads of agenda, one module a subject."""
