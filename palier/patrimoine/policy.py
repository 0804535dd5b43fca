"""Who sees the patrimoine (law.md B6): holders of the row's cercle; a landlord also reads the leases of his lots."""

from typing import Any

from django.db.models import DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from palier.acces.cercles import CerclePolicy
from palier.acces.models import Acces
from palier.core.access import register
from palier.core.actor import Actor
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgenceClientsPolicy, AgencePolicy, is_inside
from palier.patrimoine import models


@register
class TiersPolicy(AgencePolicy):
    """The staff, and the person himself through his accès."""

    model = models.Tiers

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return super().visible(actor, rows)
        own: QuerySet[Acces] = GuardedQuerySet(Acces).filter(id__in=actor.acces_ids)
        return rows.filter(id__in=own.values("tiers_id"), archive_le__isnull=True)


@register
class BailPolicy(CerclePolicy):
    """Its tenants, and its landlord through the mandate: the row tells today's rent, then that of the last day.

    Who left while the lease goes on keeps the papers and the due items of his time, not what it has become since.
    """

    model = models.Bail

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor) or not actor.acces:
            return super().visible(actor, rows)
        today = Value(actor.today, output_field=DateField())
        last = Coalesce(OuterRef("sortie_le"), today)
        mandat: QuerySet[models.MandatGerance] = GuardedQuerySet(models.MandatGerance).filter(
            agence_id=OuterRef("agence_id"), id=OuterRef("mandat_gerance_id")
        )
        rows = rows.alias(_mandat_fin=Coalesce(Subquery(mandat.values("fin")), today))
        tenant = self.held(actor, day=Least(last, today))
        landlord = self.held(actor, "mandat_cercle_id", Least(last, today, OuterRef("_mandat_fin")))
        return rows.filter(tenant | landlord, archive_le__isnull=True)


@register
class BailLotPolicy(CerclePolicy):
    """The lots of a lease: its tenants, past ones too, and its landlord."""

    model = models.BailLot

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor) or not actor.acces:
            return super().visible(actor, rows)
        return rows.filter(self.held(actor) | self.held(actor, "mandat_cercle_id"), archive_le__isnull=True)


@register
class CompteClientPolicy(CerclePolicy):
    """Who holds the compte today: the row tells today's balance, which a former holder has no right to.

    His space keeps the number and the name of the compte (``acces.Espace``), and the rows of his time.
    """

    model = models.CompteClient

    def date_of_row(self, actor: Actor) -> Any:
        return Value(actor.today, output_field=DateField())


@register
class CompteTiersPolicy(CerclePolicy):
    """The holders of the compte in one's own time: those who came after are no business of a former holder's."""

    model = models.CompteTiers

    def date_of_row(self, actor: Actor) -> Any:
        return Coalesce(OuterRef("fin"), Value(actor.today, output_field=DateField()))


def _contact(model: Any) -> None:
    register(type(f"{model.__name__}Policy", (AgenceClientsPolicy,), {"model": model}))


def _published(model: Any) -> None:
    register(type(f"{model.__name__}Policy", (CerclePolicy,), {"model": model}))


_model: type[Any]
for _model in (models.Etablissement, models.Gestionnaire):
    _contact(_model)
for _model in (
    models.Copropriete,
    models.Immeuble,
    models.Lot,
    models.CleRepartition,
    models.Tantieme,
    models.Detention,
    models.MandatConseil,
    models.MandatGerance,
    models.MandatLot,
    models.Contrat,
):
    _published(_model)
