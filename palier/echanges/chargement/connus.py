"""What is on line already for a source: read when the checks need it, and for a delta only what it names."""

from uuid import UUID

from django.db import connection

from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.core.vault import AgenceKey
from palier.echanges.anomalies import Anomalie, refusal
from palier.echanges.chargement.autres import fetch_other_sources
from palier.echanges.chargement.extrait import Extrait
from palier.echanges.chargement.identifiants import install_macros, source_id
from palier.echanges.chargement.lecture_base import UNITE, fetch, live_rows, looked_up, push
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.controles.correspondances import renamable, resolve_renamings, translate_known
from palier.echanges.etabli import Etabli
from palier.echanges.manifeste import AGENCE, Manifeste
from palier.echanges.models import Source
from palier.echanges.regles import quote
from palier.echanges.unites import REFERENCES

#: Large tables that only their own unit names: needed when the dossier does not give them whole.
VOLUMINEUSES = frozenset({"echeances", "documents"})
_CONNUS = {"nom": "VARCHAR", "id": "VARCHAR", "unite": "VARCHAR"}
_TROUVES = {"nom": "VARCHAR", "id": "VARCHAR", "ligne": "UUID", "unite": "VARCHAR"}


class EnLigne:
    """The rows on line of the source of a dossier, and what was said of that source before."""

    def __init__(self, manifeste: Manifeste, actor: Actor, key: AgenceKey) -> None:
        self.manifeste, self.actor, self.key = manifeste, actor, key
        self.agence = key.agence_id
        self.source = source_id(key.salt, manifeste.logiciel, manifeste.base)
        #: Where the old references of `correspondances` live.
        self.ancienne = source_id(key.salt, *manifeste.remplace) if manifeste.remplace else self.source

    def load(self, etabli: Etabli) -> None:
        """Create ``connus``, ``alias``, ``renommes`` and, for a delta, ``o_T``. Raises DossierRefuse."""
        with acting_as(self.actor):
            etabli.connus = True
            etabli.prepare_empty()
            self._judge(etabli)
            self._rename(etabli)
            if self.manifeste.is_delta:
                Extrait(self, etabli).load()
            else:
                self._whole(etabli)
            fetch_other_sources(etabli, self)

    def _judge(self, etabli: Etabli) -> None:
        """Is this the sending that is expected from this source?"""
        manifeste = self.manifeste
        row = Source.objects.visible_to(self.actor).filter(agence_id=self.agence, id=self.source).first()
        if row is not None and row.remplacee_par is not None:
            other = Source.objects.visible_to(self.actor).filter(agence_id=self.agence, id=row.remplacee_par)
            name = next((f"{s.logiciel} {s.base}" for s in other), "")
            raise refusal("source_remplacee", source=name)
        last = row.sequence if row is not None else None
        if manifeste.is_delta and last != manifeste.precedent:
            raise refusal(
                "sequence_rompue",
                precedent=manifeste.precedent,
                dernier="inconnu" if last is None else f"le n° {last}",
            )
        if manifeste.is_delta and row is not None:
            self._wait(etabli, row.en_attente)
        if not manifeste.is_delta and last is not None and manifeste.sequence == last:
            etabli.collecte.add(Anomalie("sequence_repetee", params=(("sequence", last),)))
        if manifeste.remplace and not self._has_rows(self.ancienne):
            name = " ".join(manifeste.remplace)
            etabli.collecte.add(Anomalie("remplacement_inconnu", params=(("source", name),)))

    def _has_rows(self, source: UUID) -> bool:
        return Source.objects.visible_to(self.actor).filter(
            agence_id=self.agence, id=source, remplacee_par__isnull=True
        ).exists()  # fmt: skip

    def _wait(self, etabli: Etabli, unites: list[str]) -> None:
        """Hold the units that missed a sending: what follows it would be half of them."""
        for unite in unites:
            etabli.con.execute("INSERT INTO tenues VALUES (?)", [unite])
            etabli.collecte.add(Anomalie("unite_a_renvoyer", unite=unite, params=(("unite", unite),)))

    def _rename(self, etabli: Etabli) -> None:
        con = etabli.con
        types = {"nom": "VARCHAR", "reference": "VARCHAR", "ligne": "UUID", "origine": "VARCHAR"}
        query = (
            "select table_nom as nom, reference, ligne_id as ligne, origine from echanges_alias "
            f"where agence_id = '{self.agence}' and source_id = "
        )
        if not etabli.has("correspondances"):
            fetch(etabli, f"{query}'{self.source}'", "alias", types, {})
            install_macros(con, self.key.salt, self.source, self.agence)
            return
        # The old references are those of the source replaced, when there is one.
        fetch(etabli, f"{query}'{self.ancienne}'", "alias", types, {})
        install_macros(con, self.key.salt, self.ancienne, self.agence)
        self._find(etabli, "anciens", "ancien_id", self.ancienne)
        if self.ancienne != self.source:
            con.execute("DELETE FROM alias")
            fetch(etabli, f"{query}'{self.source}'", "alias", types, {})
            install_macros(con, self.key.salt, self.source, self.agence)
        self._find(etabli, "nouveaux", "nouvel_id", self.source)
        resolve_renamings(etabli)
        install_macros(con, self.key.salt, self.source, self.agence)

    def _find(self, etabli: Etabli, target: str, column: str, source: UUID) -> None:
        """Which references of `correspondances` are on line in a source."""
        known = ", ".join(map(quote, renamable()))
        push(
            etabli,
            f'SELECT DISTINCT "table" AS nom, "{column}" AS id, cle_ligne("table", "{column}") AS ligne '
            f'FROM l_correspondances WHERE "table" IN ({known}) AND "{column}" IS NOT NULL',
            "cherche",
            {"nom": "text", "ref": "text", "ligne": "uuid"},
        )
        self.found(etabli, "cherche", target, source)

    def found(self, etabli: Etabli, temporary: str, target: str, source: UUID) -> None:
        """Add to ``target`` the live rows that a temporary table (nom, ref, ligne) names, with their unit."""
        names = _distinct(temporary)
        parts = [
            f"select x.nom, x.ref as id, x.ligne, {UNITE} as unite from pg_temp.{temporary} x "
            f"{looked_up(n, self.agence)} "
            f"where x.nom = '{n}' and {live_rows(n, self.agence, source)}"
            for n in names
            if n in CIBLES
        ]
        if parts:
            fetch(etabli, " union all ".join(parts), target, _TROUVES, {})

    def _whole(self, etabli: Etabli) -> None:
        """Every id on line that the dossier may name, and the digests of the agence's files."""
        parts = [
            f"select '{table}' as nom, t.reference as id, {UNITE} as unite from {CIBLES[table].table} t "
            f"where {live_rows(table, self.agence, self.source)}"
            for table in self._wanted()
        ]
        parts.append(
            f"select 'fichiers', f.sha256, '{AGENCE}' from ged_fichier f where f.agence_id = '{self.agence}'"
        )
        fetch(etabli, " union all ".join(parts), "connus", _CONNUS, {})
        translate_known(etabli)
        if etabli.has("documents") and not etabli.has("detentions"):
            Extrait(self, etabli).holders()

    def _wanted(self) -> list[str]:
        manifeste, whole = self.manifeste, not self.manifeste.unites
        return [
            t
            for t in REFERENCES
            if t in CIBLES and not (whole and t in VOLUMINEUSES and t in manifeste.tables)
        ]


def _distinct(temporary: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct nom from pg_temp.{temporary} order by nom")
        return [row[0] for row in cursor.fetchall()]
