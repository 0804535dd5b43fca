"""Errors that a person reads: raised by rules and actions, caught once, in ``Screen``."""

from django.utils.functional import Promise


class BusinessError(Exception):
    """A refusal with a stable code, a French sentence (what, where, what to do) and an HTTP status."""

    def __init__(self, code: str, message: "str | Promise", status: int = 422) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status

    def __str__(self) -> str:
        return str(self.message)


class Invisible(Exception):
    """The object does not exist for this actor: 404, whether it exists for others or not."""


class Forbidden(Exception):
    """The object is visible to this actor but the gesture is not allowed: 403."""


class TooManyAttempts(BusinessError):
    """A limit was reached; ``retry_after`` is in seconds."""

    def __init__(self, message: "str | Promise", retry_after: int) -> None:
        super().__init__("trop_de_tentatives", message, status=429)
        self.retry_after = retry_after
