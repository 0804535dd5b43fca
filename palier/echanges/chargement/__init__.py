"""Loads a checked dossier: ids computed in the engine, rows staged, compared and written in one transaction."""
