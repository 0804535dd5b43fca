"""``./run manage agence create SLUG --nom …`` and ``agence staff SLUG --email …``: an agence from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from palier.accounts.models import Account
from palier.agences.actions import add_staff, create_agence
from palier.agences.enums import RoleEquipe
from palier.agences.models import Agence
from palier.core.actor import Actor, Role
from palier.core.errors import BusinessError
from palier.core.tenancy import acting_as, open_actor


class Command(BaseCommand):
    """Opens an agence, gives an existing account a place in its staff, lists the agences."""

    help = "Ouvre une agence, y ajoute un membre de l’équipe, ou liste les agences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="ouvre une agence")
        create.add_argument("slug")
        create.add_argument("--nom", required=True)
        for name in ("telephone", "email", "adresse"):
            create.add_argument(f"--{name}", default="")
        create.add_argument("--couleur", default="#3a5a78")
        create.add_argument("--validite-code", type=int, default=90, help="durée d’un code, en jours")
        staff = verbs.add_parser("staff", help="donne à un compte une place dans l’équipe")
        staff.add_argument("slug")
        staff.add_argument("--email", required=True, help="adresse du compte, qui doit exister")
        staff.add_argument("--nom", required=True)
        staff.add_argument("--role", choices=RoleEquipe.values, default=RoleEquipe.GESTIONNAIRE)
        verbs.add_parser("list", help="liste les agences")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(options)
        except BusinessError as error:
            raise CommandError(str(error)) from None

    def create(self, options: dict[str, Any]) -> None:
        """Open an agence and say its identifier."""
        actor = Actor(role=Role.SYSTEME, reason="commande agence create")
        with transaction.atomic():
            open_actor(actor)
            agence = create_agence(
                actor,
                slug=options["slug"],
                nom=options["nom"],
                telephone=options["telephone"],
                email=options["email"],
                adresse=options["adresse"],
                couleur=options["couleur"],
                validite_code_jours=options["validite_code"],
            )
        self.stdout.write(f"{agence.slug} {agence.id}")

    def staff(self, options: dict[str, Any]) -> None:
        """Give an existing account a place in the staff."""
        agence = Agence.objects.filter(slug=options["slug"]).first()
        account = Account.objects.filter(email=options["email"].lower()).first()
        if agence is None:
            raise CommandError(f"Aucune agence « {options['slug']} ».")
        if account is None:
            raise CommandError(
                f"Aucun compte à l’adresse {options['email']} : la personne doit d’abord créer le sien."
            )
        with acting_as(Actor.system(agence.id, "commande agence staff")) as actor:
            add_staff(actor, account_id=account.id, nom=options["nom"], role=options["role"])
        self.stdout.write(f"{options['email']} : {options['role']} de {agence.slug}")

    def list(self, options: dict[str, Any]) -> None:
        """List the agences, one a line."""
        for agence in Agence.objects.order_by("slug"):
            self.stdout.write(f"{agence.slug}\t{agence.nom}\t{agence.statut}")
