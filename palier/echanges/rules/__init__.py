"""The rules of the exchanges: pure, without Django, database nor clock."""
