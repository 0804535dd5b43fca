"""The few bases of screens: a space, the agency's desk, the operator's console."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from palier.acces.enums import QualiteEspace
from palier.agences.models import Agence
from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.core.sql import read
from palier.core.tenancy import ACCES, ENTRER, acting_as, enter_reading, enter_with, look_into, open_actor
from palier.vie_privee.assistance.actions import live, record_page
from palier.vie_privee.incidents.portefeuille import record_overstep


@dataclass(slots=True)
class EspaceVu:
    """A space as the frame shows it: whose it is, what it is about, at which agence."""

    id: UUID
    agence_id: UUID
    acces_id: UUID
    qualite: str
    titre: str
    adresse: str
    compte_client_id: UUID | None
    copropriete_id: UUID | None
    agence_nom: str
    agence_slug: str
    agence_telephone: str
    agence_email: str
    agence_couleur: str
    appel: str
    nouveautes_vues_le: datetime | None
    arrete_au: date | None
    logiciel: str | None
    retard: bool
    cercles: list[UUID]
    council: bool
    prefixe: str = "espace"
    vue_slug: str = ""

    @property
    def qualite_libelle(self) -> str:
        """« Copropriétaire », « Locataire »… in the reader's language."""
        return str(QualiteEspace(self.qualite).label)

    @property
    def url_kwargs(self) -> dict[str, Any]:
        """What the addresses of this space's pages need, whichever door it was entered by."""
        base: dict[str, Any] = {"espace": self.id}
        return {"agence": self.vue_slug, **base} if self.vue_slug else base

    @property
    def url(self) -> str:
        """The address of the space's first page."""
        from django.urls import reverse

        return reverse(f"{self.prefixe}:accueil", kwargs=self.url_kwargs)


_COLONNES = """e.id, e.agence_id, e.acces_id, e.qualite, e.titre, e.adresse, e.compte_client_id, e.copropriete_id,
  e.agence_nom, e.slug, e.telephone, e.email, e.couleur, e.civilite, e.prenom, e.nom, e.nouveautes_vues_le,
  e.arrete_au, e.logiciel, e.en_retard, e.cercles, e.conseil"""
# Every space that the actor's accès open today, with its agence, its freshness and its cercles: one query a page. The
# date is that of its own unit, read by key, else of the other units of its source (see ``echanges.fraicheur``).
_ESPACES = """
select e.id, e.agence_id, e.acces_id, e.qualite, e.titre, e.adresse, e.compte_client_id, e.copropriete_id,
  g.nom as agence_nom, g.slug, g.telephone, g.email, g.couleur, e.civilite, e.prenom, e.nom, a.nouveautes_vues_le,
  coalesce(
    (select f.arrete_au from echanges_fraicheur f where f.agence_id = e.agence_id and f.source_id = e.source_id
      and f.unite_id = e.unite_id),
    (select f.arrete_au from echanges_fraicheur f where f.agence_id = e.agence_id and f.source_id = e.source_id
      and f.unite_id is null), s.arrete_au) as arrete_au,
  s.logiciel, s.retard_depuis is not null as en_retard, d.cercles, coalesce(d.conseil, false) as conseil
from acces_espace e
join agences_agence g on g.id = e.agence_id
join acces_acces a on a.agence_id = e.agence_id and a.id = e.acces_id
left join echanges_source s on s.agence_id = e.agence_id and s.id = e.source_id
left join lateral (
  select array_agg(d.cercle_id) as cercles, bool_or(d.genre = 'conseil') as conseil
  from acces_droit d where d.agence_id = e.agence_id and d.espace_id = e.id and d.du <= %(jour)s
    and (d.personnel or d.au >= %(jour)s)
) d on true
where e.acces_id = any({acces}) and e.du <= %(jour)s and e.au >= %(jour)s
"""
_ORDRE = "order by e.agence_nom, e.titre, e.id"
_LUS = f"select {_COLONNES} from ({_ESPACES.format(acces='%(acces)s')}) e {_ORDRE}"
_A_L_ENTREE = f"""select entree.droits, {_COLONNES} from {ENTRER}
left join lateral ({_ESPACES.format(acces=ACCES)}) e on true {_ORDRE}"""


def _appel(civilite: str | None, prenom: str | None, nom: str | None) -> str:
    """Return « Madame Lefèvre »: the same wording as ``Tiers.appel``."""
    titre = {"M": _("Monsieur"), "M.": _("Monsieur"), "MME": _("Madame"), "MLLE": _("Madame")}.get(
        (civilite or "").upper()
    )
    return f"{titre} {nom}" if titre else " ".join(part for part in (prenom, nom) if part)


def espaces_of(actor: Actor) -> list[EspaceVu]:
    """Return the spaces that ``actor`` may enter today, in a steady order."""
    if not actor.acces:
        return []
    return [_espace(row) for row in read(actor, _LUS, {"acces": actor.acces_ids})]


def enter_espaces(account_id: UUID, *, is_exploitant: bool = False) -> tuple[Actor, list[EspaceVu]]:
    """Open the rights of an account and return its actor with the spaces that he may enter: one round trip."""
    actor, rows = enter_reading(account_id, _A_L_ENTREE, is_exploitant=is_exploitant)
    held = set(actor.acces_ids)
    return actor, [_espace(row[1:]) for row in rows if row[3] in held]


def _espace(row: Any) -> EspaceVu:
    return EspaceVu(*(*row[:13], _appel(*row[13:16]), *row[16:20], list(row[20] or ()), row[21]))


class EspacesScreen(Screen):
    """A page of a signed-in person that shows his spaces: they come with his rights."""

    abstract_screen: ClassVar[bool] = True

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        user = request.user
        if not user.is_authenticated:
            return super().open(request, **kwargs)
        is_exploitant = bool(getattr(user, "is_exploitant", False))
        actor, self.page.espaces = enter_espaces(user.pk, is_exploitant=is_exploitant)
        return actor


class EspaceScreen(EspacesScreen):
    """A page of one space, named by the URL. Entered by its owner, or by staff « view as » (read-only, journalled)."""

    abstract_screen: ClassVar[bool] = True
    espace: EspaceVu

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        slug = kwargs.get("agence")
        if slug and request.user.is_authenticated:
            return self._open_view(request, request.user.pk, slug)
        return super().open(request, **kwargs)

    def _open_view(self, request: HttpRequest, account_id: Any, slug: str) -> Actor:
        """Return the actor of a staff member looking at somebody's space; the opening was journalled by the desk."""
        found = look_into(account_id, slug, self.kwargs["espace"])
        if found is None or str(found[1].id) not in request.session.get("vues", []):
            raise Invisible
        require(found[0], Gesture.VIEW_AS)  # closed since the view was opened: it ends at this page (T9)
        viewer = found[0].as_viewer(found[1])
        self.page.espaces = espaces_of(viewer)
        return viewer

    def prepare(self) -> None:
        wanted = self.kwargs["espace"]
        slug = self.kwargs.get("agence", "")
        for espace in self.page.espaces:
            if slug:
                espace.prefixe, espace.vue_slug = "vue", slug
            if espace.id == wanted:
                self.espace = self.page.espace = espace
        if self.page.espace is None:
            raise Invisible
        if self.actor.portefeuille is not None:  # a restricted member sees no other title of the person
            self.page.espaces = [self.page.espace]
        if slug:
            self.page.vue_comme = self.espace.appel
        if self.espace.arrete_au:
            self.page.fraicheur = (self.espace.agence_nom, self.espace.arrete_au, self.espace.retard)

    @property
    def is_view(self) -> bool:
        """Whether staff is looking at a client's space."""
        return bool(self.espace.vue_slug)


def staff_actor(actor: Actor, slug: str) -> Actor:
    """Return ``actor`` as staff of the agence named ``slug``, opened in PostgreSQL; raise ``Invisible`` otherwise."""
    agence = Agence.objects.filter(slug=slug).first()
    staff = actor.as_staff(agence.id) if agence else None
    if staff is None:
        raise Invisible
    open_actor(staff)
    return staff


# The agence that a desk's address names, with the rights of who asks: one round trip.
_AGENCE = "(select to_jsonb(g) from agences_agence g where g.slug = %s)"


def agence_of(row: dict[str, Any]) -> Agence:
    """Return the agence that a json row holds."""
    fields = {
        field.attname: field.to_python(row[str(field.column)]) for field in Agence._meta.concrete_fields
    }
    return Agence.from_db("default", list(fields), list(fields.values()))


class GestionScreen(Screen):
    """A page of an agency's desk: ``/g/<agence>/…``, for its staff only."""

    abstract_screen: ClassVar[bool] = True
    agence: Agence

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        actor: Actor | None = getattr(self, "actor", None)
        asked = [value for value in kwargs.values() if isinstance(value, UUID)]
        if response.status_code == 404 and asked and actor is not None and actor.portefeuille is not None:
            with acting_as(actor):
                record_overstep(actor, self.agence.id, asked)
        return response

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        if not request.user.is_authenticated:
            raise Invisible
        is_exploitant = bool(getattr(request.user, "is_exploitant", False))
        actor, found = enter_with(request.user.pk, _AGENCE, [kwargs["agence"]], is_exploitant=is_exploitant)
        agence = agence_of(found) if found else None
        staff = actor.as_staff(agence.id) if agence else None
        if agence is not None and staff is None and actor.is_exploitant:
            staff = self._support(actor, agence)
        if agence is None or staff is None:
            raise Invisible
        self.agence = self.page.agence = agence
        open_actor(staff)
        return staff

    def _support(self, actor: Actor, agence: Agence) -> Actor | None:
        """Return the exploitant let in by the agence for a reason and a time; the page he opens is written down."""
        exploitant = actor.as_exploitant()
        open_actor(exploitant)
        door = live(exploitant, agence.id)
        if door is None or self.request.method != "GET":
            return None
        support = actor.as_support(agence.id)
        open_actor(support)
        require(support, self.access)
        record_page(support, door, self.request.path, self.kwargs.get("acces"))
        return support


class ExploitantScreen(Screen):
    """A page of the portal's operator, who reaches no row of any agence."""

    abstract_screen: ClassVar[bool] = True

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        actor = super().open(request, **kwargs)
        if not actor.is_exploitant:
            raise Invisible
        exploitant = actor.as_exploitant()
        open_actor(exploitant)
        return exploitant


class DpoScreen(Screen):
    """A page of the exploitant's data protection officer, who reaches no row of any agence."""

    abstract_screen: ClassVar[bool] = True

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        actor = super().open(request, **kwargs)
        if not getattr(request.user, "is_dpo", False):
            raise Invisible
        dpo = actor.as_dpo()
        open_actor(dpo)
        return dpo


__all__ = [
    "DpoScreen",
    "EspaceScreen",
    "EspaceVu",
    "EspacesScreen",
    "ExploitantScreen",
    "GestionScreen",
    "enter_espaces",
    "espaces_of",
    "staff_actor",
]
