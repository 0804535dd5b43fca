"""Backups that an erased agence cannot be read from again."""
