"""Backups: every table and every file in one archive, restored all or nothing, compared by checksums."""
