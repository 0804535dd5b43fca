"""The seventh day: everything of an agence goes, and a certificate remains."""
