"""What each import changed: the versions of rows, their comparison, and the rollback of an import."""
