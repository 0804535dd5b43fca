"""The rules of the accounts: pure, no database, no clock."""
