"""The cast: two agences and everybody in them. Charlie is of the other agence, and gets 404 everywhere.

Claire   copropriétaire at A (lot 1), and also tenant at B: one account, two agences
Conrad   copropriétaire at A (lot 2), president of the council until 2027
Fabien   former owner of lot 1 (until 30 June 2024), council member until then
Béatrice bailleur at A (mandate on lot 3)
Léo      tenant of lot 3 since 1 September 2025; Anna was before him, until 31 August 2025
Gaston   gestionnaire at A; Adèle administrateur at A; Bruno gestionnaire at B; Edgar exploitant
Charlie  copropriétaire at B
Sans     a signed-in account with no access anywhere
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from palier.acces.droits import recompute
from palier.acces.models import Acces, Espace
from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import enter, open_actor
from tests.factories import PASSWORD, Maison, make_account, make_agence


@dataclass
class Cast:
    """Everybody, by name; ``documents`` by the canary in their title."""

    a: Maison
    b: Maison
    accounts: dict[str, Account]
    acces: dict[str, Acces]
    espaces: dict[str, Espace]
    documents: dict[str, Any]
    rows: dict[str, Any]

    def client(self, name: str) -> Client:
        """Return a browser where ``name`` is signed in (« anonyme »: nobody)."""
        client = Client()
        if name != "anonyme":
            client.force_login(self.accounts[name])
        return client

    def actor(self, name: str) -> Actor:
        """Return ``name`` as a client, opened in PostgreSQL."""
        return enter(self.accounts[name].pk, is_exploitant=self.accounts[name].is_exploitant)

    def staff(self, name: str, maison: Maison | None = None) -> Actor:
        """Return ``name`` as staff of A (or of ``maison``), opened in PostgreSQL."""
        staff = self.actor(name).as_staff((maison or self.a).agence.id)
        assert staff is not None
        open_actor(staff)
        return staff

    def system(self, maison: Maison | None = None) -> Actor:
        """Return a task's actor for A (or ``maison``), opened in PostgreSQL."""
        actor = Actor.system((maison or self.a).agence.id, "test")
        open_actor(actor)
        return actor

    def espace_id(self, name: str) -> UUID:
        """Return the id of the first space of ``name``."""
        return self.espaces[name].id


NAMES = (
    "claire",
    "conrad",
    "fabien",
    "beatrice",
    "leo",
    "anna",
    "gaston",
    "adele",
    "bruno",
    "edgar",
    "charlie",
    "sans",
)
CLIENTS_A = ("claire", "conrad", "fabien", "beatrice", "leo", "anna")


def build_cast() -> Cast:
    """Build everybody inside one action."""
    with transaction.atomic(), writing("fixtures"):
        accounts = {
            name: make_account(f"{name}@courriel.example", exploitant=name == "edgar") for name in NAMES
        }
        a, people, rows, documents = _agence_a()
        recompute(a.agence.id)
        acces = {name: a.attach(people[name], accounts[name]) for name in CLIENTS_A}
        a.staff(accounts["gaston"], "Gaston Morel", "gestionnaire")
        a.staff(accounts["adele"], "Adèle Roux", "administrateur")
        espaces = _espaces(a, acces)
        b, people_b, docs_b = _agence_b()
        recompute(b.agence.id)
        acces["charlie"] = b.attach(people_b["charlie"], accounts["charlie"])
        acces["claire_b"] = b.attach(people_b["claire"], accounts["claire"])
        b.staff(accounts["bruno"], "Bruno Lahaye", "gestionnaire")
        espaces |= _espaces(b, {"charlie": acces["charlie"], "claire_b": acces["claire_b"]})
        documents |= docs_b
    return Cast(a, b, accounts, acces, espaces, documents, rows)


def _espaces(maison: Maison, acces: dict[str, Acces]) -> dict[str, Espace]:
    found = {}
    for name, held in acces.items():
        rows = Espace.objects.unguarded("fixtures").filter(agence_id=maison.agence.id, acces_id=held.id)
        found[name] = rows.order_by("qualite", "id")[0]
    return found


def _agence_a() -> tuple[Maison, dict[str, Any], dict[str, Any], dict[str, Any]]:
    m = make_agence("cabinet-a", "Cabinet A")
    people = {
        "claire": m.tiers("Mme", "Claire", "Lefèvre", "claire.lefevre@poste.example"),
        "conrad": m.tiers("M.", "Conrad", "Aubry", "conrad@poste.example"),
        "fabien": m.tiers("M.", "Fabien", "Durand"),
        "beatrice": m.tiers("Mme", "Béatrice", "Noël", "beatrice@poste.example"),
        "leo": m.tiers("M.", "Léo", "Garnier", "leo@poste.example"),
        "anna": m.tiers("Mme", "Anna", "Petit"),
        "denis": m.tiers("M.", "Denis", "Sanscode"),
    }
    copro = m.copropriete("Résidence Les Tilleuls")
    immeuble = m.immeuble(copro, "rue des Tilleuls")
    lots = [m.lot(immeuble, str(n)) for n in (1, 2, 3)]
    c_claire = m.compte("coproprietaire", "LEFÈVRE Claire", copro, "482.17")
    c_conrad = m.compte("coproprietaire", "AUBRY Conrad", copro)
    c_fabien = m.compte("coproprietaire", "DURAND Fabien", copro, "-12.00")
    c_bea = m.compte("bailleur", "NOËL Béatrice", solde="-640.00")
    c_leo = m.compte("locataire", "GARNIER Léo", solde="780.00")
    c_anna = m.compte("locataire", "PETIT Anna")
    c_denis = m.compte("coproprietaire", "SANSCODE Denis", copro)
    m.titre(c_claire, people["claire"])
    m.titre(c_conrad, people["conrad"])
    m.titre(c_fabien, people["fabien"], fin=date(2024, 6, 30))
    m.titre(c_bea, people["beatrice"])
    m.titre(c_leo, people["leo"])
    m.titre(c_anna, people["anna"])
    m.titre(c_denis, people["denis"])
    m.detention(lots[0], c_fabien, date(2010, 1, 1), date(2024, 6, 30))
    m.detention(lots[0], c_claire, date(2024, 7, 1))
    m.detention(lots[1], c_conrad, date(2015, 3, 1))
    m.conseil(copro, people["conrad"], "president", date(2025, 1, 15), date(2027, 12, 31))
    m.conseil(copro, people["fabien"], "membre", date(2021, 1, 15), date(2024, 1, 14))
    mandat = m.mandat(c_bea, lots[2], date(2020, 1, 1))
    bail_anna = m.bail(c_anna, lots[2], mandat, date(2022, 9, 1), date(2025, 8, 31))
    bail_leo = m.bail(c_leo, lots[2], mandat, date(2025, 9, 1))
    cercle = {
        "tous": copro.cercle_id,
        "conseil": m.cercle("conseil", copro.id),
        "interne": m.cercle("interne", m.agence.id),
        "occupants": immeuble.cercle_id,
    }
    documents = {
        "tous": m.document("CANARI-A-TOUS procès-verbal 2026", cercle["tous"], categorie="pv_assemblee"),
        "conseil": m.document("CANARI-A-CONSEIL balance", cercle["conseil"], audience="conseil_syndical"),
        "interne": m.document("CANARI-A-INTERNE note", cercle["interne"], audience="interne"),
        "claire": m.document("CANARI-A-CLAIRE appel", c_claire.cercle_id, portee="compte", audience="compte"),
        "conrad": m.document("CANARI-A-CONRAD appel", c_conrad.cercle_id, portee="compte", audience="compte"),
        "fabien": m.document(
            "CANARI-A-FABIEN appel", c_fabien.cercle_id, date(2024, 1, 5), portee="compte", audience="compte"
        ),
        "fabien_apres": m.document(
            "CANARI-A-APRES appel", c_fabien.cercle_id, date(2024, 9, 5), portee="compte", audience="compte"
        ),
        "beatrice": m.document("CANARI-A-BEATRICE crg", mandat.cercle_id, portee="mandat", audience="compte"),
        "leo": m.document("CANARI-A-LEO bail", bail_leo.cercle_id, portee="bail", audience="compte"),
        "anna": m.document(
            "CANARI-A-ANNA quittance", bail_anna.cercle_id, date(2024, 5, 1), portee="bail", audience="compte"
        ),
        "occupants": m.document("CANARI-A-OCCUPANTS affichage", cercle["occupants"], portee="immeuble"),
        "futur": m.document(
            "CANARI-A-FUTUR convocation", cercle["tous"], publie_du=date(2999, 1, 1), categorie="convocation"
        ),
    }
    m.echeance(
        c_claire,
        "Appel du 1er trimestre 2027",
        "482.17",
        date(2026, 11, 20),
        exigible=date(2027, 1, 1),
        lignes=(("Charges générales", "400.00"), ("Ascenseur", "82.17")),
    )
    m.mouvement(c_claire, "Appel 4e trimestre", date(2026, 10, 1), debit="482.17")
    m.mouvement(c_claire, "Virement", date(2026, 10, 9), credit="482.17")
    m.mouvement(c_claire, "Appel 1er trimestre 2027", date(2026, 11, 20), debit="482.17")
    m.mouvement(c_leo, "Loyer novembre", date(2026, 11, 1), debit="780.00")
    rows = {
        "copropriete": copro,
        "immeuble": immeuble,
        "lots": lots,
        "mandat": mandat,
        "bail_leo": bail_leo,
        "comptes": {
            "claire": c_claire,
            "conrad": c_conrad,
            "fabien": c_fabien,
            "beatrice": c_bea,
            "leo": c_leo,
            "anna": c_anna,
            "denis": c_denis,
        },
        "tiers": people,
    }
    return m, people, rows, documents


def _agence_b() -> tuple[Maison, dict[str, Any], dict[str, Any]]:
    m = make_agence("agence-b", "Agence B", "#7a3b2e")
    people = {
        "charlie": m.tiers("M.", "Charlie", "Autre", "charlie@poste.example"),
        "claire": m.tiers("Mme", "Claire", "LEFEVRE", "claire.lefevre@poste.example"),
    }
    copro = m.copropriete("Résidence Autre")
    immeuble = m.immeuble(copro, "quai Autre", "3")
    lots = [m.lot(immeuble, str(n)) for n in (1, 2)]
    c_charlie = m.compte("coproprietaire", "AUTRE Charlie", copro, "10.00")
    c_claire = m.compte("locataire", "LEFEVRE Claire")
    m.titre(c_charlie, people["charlie"])
    m.titre(c_claire, people["claire"])
    m.detention(lots[0], c_charlie, date(2018, 1, 1))
    bail = m.bail(c_claire, lots[1], None, date(2023, 2, 1))
    documents = {
        "b_tous": m.document("CANARI-B-TOUS procès-verbal", copro.cercle_id, categorie="pv_assemblee"),
        "b_charlie": m.document(
            "CANARI-B-CHARLIE appel", c_charlie.cercle_id, portee="compte", audience="compte"
        ),
        "b_claire": m.document("CANARI-B-CLAIRE bail", bail.cercle_id, portee="bail", audience="compte"),
    }
    return m, people, documents


__all__ = ["NAMES", "PASSWORD", "Cast", "build_cast"]
