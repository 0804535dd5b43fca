"""The rules of the documents: pure, no database, no clock."""
