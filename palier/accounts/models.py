"""The one personal account: an e-mail and a password, of which the exploitant is controller (seed, section 5)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from palier.core.dates import now
from palier.core.ids import new_id


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Create an account; ``email`` is stored in lower case."""
        account = self.model(email=email.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person's account. It holds no name: names belong to the agences' data."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    is_exploitant = models.BooleanField(default=False)
    is_dpo = models.BooleanField(
        default=False, help_text="answers for the exploitant: data protection officer"
    )
    equipe = models.BooleanField(
        default=False, help_text="was a member of an agence's staff: longer password"
    )
    langue = models.CharField(max_length=2, default="fr")
    created_le = models.DateTimeField(auto_now_add=True)
    derniere_visite = models.DateTimeField(null=True)
    cgu_publiees_le = models.DateTimeField(null=True, help_text="publication of the CGU accepted last")
    sans_statistiques_jusqu_au = models.DateTimeField(
        null=True, help_text="a restriction or an objection runs until then: copied, read at every page"
    )
    textes_lus_le = models.DateTimeField(
        null=True, help_text="when the notices of changed texts were last read"
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    adresse_verifiee = (
        ""  # the address that this person has just signed in with, when it was read as verified
    )

    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return f"compte {self.id}"

    @property
    def hors_statistiques(self) -> bool:
        """Whether this person is counted nowhere (RGPD art. 18 and 21)."""
        return self.sans_statistiques_jusqu_au is not None and now() < self.sans_statistiques_jusqu_au
