"""What the cast holds in its hands: one real object behind each address that names one, built above the cast.

A test that opens every address asks for them (``tests.test_acces.addresses``); the cast itself stays as it is.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve, reverse

from palier.agences.actions import invite_staff
from palier.agences.models import Habilitation, PointContact
from palier.api.models import CleApi
from palier.core.action import writing
from palier.core.dates import now
from palier.core.ids import new_id
from palier.core.tenancy import enter
from palier.courrier.preferences import stop_link
from palier.echanges.actions import create_import
from palier.echanges.calendrier.models import Flux
from palier.echanges.execution import run_import
from palier.echanges.models import Import
from palier.vie_privee.comptes.demande import ask_deletion, undo_token
from palier.vie_privee.droits_personnes.demandes import link
from palier.vie_privee.droits_personnes.directives import write_directive
from palier.vie_privee.models import DemandeAgence, DemandeCompte, Incident, TexteLegal
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import spilasuite
from tests.echanges.fabrique import PDF, document, make_dossier, sound_tables
from tests.factories import make_account
from tests.retours import outils

Tables = dict[str, list[dict[str, object]]]
DPO = "delphine"


def import_dossier(
    cast: Cast, path: Path, tables: Tables | None = None, files: dict[str, bytes] | None = None
) -> Import:
    """Import a dossier of the agence A, as its worker does."""
    actor = cast.system()
    path = make_dossier(path, tables, files, agence="cabinet-a")
    with writing("test"):
        row = create_import(actor, path.name, depot="", octets=path.stat().st_size)
    done = run_import(actor, row.id, path)
    assert done is not None
    cast.system()
    return done


@dataclass
class Accessoires:
    """Values of the parameters of addresses: for one address by its name, else for all those that bear the name."""

    par_nom: dict[str, dict[str, Any]] = field(default_factory=dict)

    def give(self, names: str, **values: Any) -> None:
        """Let these addresses (their names, between spaces) bear these values."""
        for name in names.split():
            self.par_nom[name] = self.par_nom.get(name, {}) | values


def build_props(cast: Cast, folder: Path) -> Accessoires:
    """Build one object of each kind in the agence A; the files that it takes are made in ``folder``."""
    found = Accessoires()
    with writing("fixtures"):
        account = make_account(f"{DPO}@courriel.example")
        account.is_dpo = True
        account.save(update_fields=["is_dpo"])
    cast.accounts[DPO] = account
    _imports(cast, folder, found)
    _calibrations(cast, found)
    _settings(cast, found)
    _returns(cast, found)
    _rights(cast, found)
    _texts_and_incidents(cast, found)
    return found


def _imports(cast: Cast, folder: Path, found: Accessoires) -> None:
    """Two imports, the second of which changed something."""
    folder.mkdir(parents=True, exist_ok=True)
    import_dossier(cast, folder / "lundi.zip")
    tables = sound_tables()
    tables["comptes"][0]["intitule"] = "A1 bis"
    tables["documents"].append(document("documents/d2.pdf", PDF + b"% 2\n", id="D2"))
    files = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF + b"% 2\n"}
    done = import_dossier(cast, folder / "mardi.zip", tables, files)
    assert done.etat == "applique", done.message
    names = "import import_annuler import_confirmer import_abandonner rapport_csv rapport_json changements revenir"
    found.give(" ".join(f"gestion:{name}" for name in names.split()), import_id=done.id)
    found.give("gestion:lignes_changees", import_id=done.id, table="comptes", operation="modifie")
    found.give("gestion:changements_fichier", import_id=done.id, forme="csv")
    found.give("gestion:ligne", table="comptes", ligne=cast.rows["comptes"]["claire"].id)


def _calibrations(cast: Cast, found: Accessoires) -> None:
    """A calibration in use, and a draft of another."""
    saved = resolve(urlsplit(spilasuite(cast.client("gaston")).save()).path).kwargs["profil"]
    draft = resolve(urlsplit(spilasuite(cast.client("gaston")).home).path).kwargs["calibrage"]
    found.give("gestion:connecteur", connecteur="spilasuite")
    names = "profil profil_exporter profil_eprouver profil_verifier profil_partager profil_retirer profil_reprendre"
    found.give(" ".join(f"gestion:{name}" for name in names.split()), profil=saved)
    names = "calibrage calibrage_envoyer calibrage_abandonner calibrage_resultat"
    found.give(" ".join(f"gestion:{name}" for name in names.split()), calibrage=draft)
    names = "calibrage_lecture calibrage_colonnes calibrage_reglages calibrage_retirer"
    found.give(" ".join(f"gestion:{name}" for name in names.split()), calibrage=draft, rang=1)


def _settings(cast: Cast, found: Accessoires) -> None:
    """A member, an invitation, a contact, an expected feed, a key."""
    actor, agence = cast.system(), cast.a.agence.id
    gaston = Habilitation.objects.visible_to(actor).get(nom="Gaston Morel")
    found.give("gestion:habilitation gestion:membre_retirer", membre=gaston.id)
    with writing("fixtures"):
        point = PointContact.objects.create(agence_id=agence, nom="Accueil", telephone="0561000000")
        flux = Flux.objects.create(
            agence_id=agence, nom="Nuit", jours=[1, 2, 3, 4, 5], heure=dt.time(6), attendu_depuis=now()
        )
    found.give("gestion:contact gestion:contact_retirer", point=point.id)
    found.give("gestion:flux_modifier gestion:flux_retirer", flux=flux.id)
    adele = cast.client("adele")
    form = {"nom": "Nuit", "logiciel": "essai", "base": "principale", "portees": ["imports:ecrire"]}
    _done(adele.post(reverse("gestion:cles_api", args=["cabinet-a"]), form), 200)
    key = CleApi.objects.visible_to(cast.staff("adele")).get(agence_id=agence)
    found.give("gestion:cle_revoquer", cle=key.id)
    _row, token = invite_staff(
        cast.staff("adele"), email="hugo@cabinet-a.example", nom="Hugo Blanc", role="gestionnaire"
    )
    found.give("equipe_invitation", agence="cabinet-a", jeton=token)
    found.give("gestion:registre", forme="csv")


def _returns(cast: Cast, found: Accessoires) -> None:
    """A certificate that left in a return file, another that did not, and a change that waits."""
    sent = outils.send(cast)
    file = outils.prepare(cast)
    found.give("gestion:retour_fichier", sequence=file.sequence, dialecte="canon")
    found.give("gestion:retours_justificatif", justificatif=sent.id)
    kept = outils.send(cast, content=PDF)
    space = cast.espace_id("leo")
    for door in ("espace", "vue"):
        found.give(f"{door}:assurance {door}:assurance_envoyer", espace=space)
        found.give(f"{door}:assurance_fichier {door}:assurance_supprimer", espace=space, justificatif=kept.id)
    asked = outils.ask(cast)
    found.give("gestion:retour_refuser", genre="coordonnees", ligne=asked.id)


def _rights(cast: Cast, found: Accessoires) -> None:
    """Requests of somebody known and of somebody unknown, a directive, a deletion that may still be undone."""
    wanted = [str(cast.a.agence.id), "compte"]
    message = {"droit": "acces", "message": "Je voudrais savoir ce que vous avez."}
    _done(cast.client("claire").post(reverse("mes_demandes"), {**message, "a": wanted}), 302)
    of_account = DemandeCompte.objects.get()
    rows = DemandeAgence.objects.visible_to(cast.system())
    found.give("gestion:droit", demande=rows.get(agence_id=cast.a.agence.id).id)
    found.give("exploitant:dpo_demande ma_demande", demande=of_account.id)
    unknown = {**message, "agence": "", "nom": "X", "email": "inconnu@courriel.example"}
    _done(Client().post(reverse("droits"), unknown), 302)
    found.give("droits_suivi", jeton=_last(link(DemandeCompte.objects.exclude(id=of_account.id).get())))
    row = write_directive(
        cast.actor("conrad"), sort="effacer", destinataire_nom="", destinataire_email="", precisions="", accord="Oui."
    )  # fmt: skip
    found.give("exploitant:dpo_directive", directive=row.id)
    with writing("fixtures"):
        leaving = make_account("partant@courriel.example")
    asked = ask_deletion(enter(leaving.pk))
    found.give("suppression_annuler", jeton=undo_token(leaving.pk, asked.demandee_le.isoformat()))
    found.give("avis_arret", jeton=_last(stop_link(cast.accounts["claire"].pk)))


def _texts_and_incidents(cast: Cast, found: Accessoires) -> None:
    """A version of a text, and an incident being examined."""
    with writing("fixtures"):
        for text in TexteLegal.objects.filter(genre="accessibilite").order_by("langue", "version"):
            text.pk, text.version, text.publie_le = new_id(), "9.1", now()
            text.corps += "\n\n## Un ajout\n\nUne phrase de plus."
            text.save(force_insert=True)
    found.give("texte_version texte_pdf texte_changements", genre="accessibilite", numero="9.1")
    found.give("exploitant:texte", genre="cgu")
    found.give("exploitant:registre", qualite="sous_traitant", forme="csv")
    form = {"genre": "autre", "titre": "Fuite d’essai", "description": "Un fichier vu par erreur."}
    _done(cast.client("edgar").post(reverse("exploitant:incidents"), form), 302)
    found.give("exploitant:incident exploitant:incident_cnil", incident=Incident.objects.get().id)


def _last(address: str) -> str:
    """The token that ends a link."""
    return address.rpartition("/")[2]


def _done(response: Any, status: int) -> None:
    assert response.status_code == status, response.content.decode()[:2000]


__all__ = ["DPO", "Accessoires", "build_props", "import_dossier"]
