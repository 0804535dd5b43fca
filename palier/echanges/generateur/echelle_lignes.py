"""The rows of a large dossier, one generator per table."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from .temps import add_months
from .vocabulaire import NOMS

LOTS_PAR_COPROPRIETE = 50
APPELS_PAR_COMPTE = 12
PDF = "documents/modele.pdf"
Rangee: TypeAlias = Sequence[object]


@dataclass(frozen=True, slots=True)
class Echelle:
    """Sizes of one large agency: one compte, one tiers and one lot each, `mouvements` lines a compte."""

    slug: str
    lots: int
    mouvements: int
    documents: int
    reference: date
    graine: int
    #: Whether each document is served by a file of its own, else all of them by one.
    propres: bool = False

    @property
    def coproprietes(self) -> int:
        """Copropriétés of at most fifty lots."""
        return -(-self.lots // LOTS_PAR_COPROPRIETE)


def _copro(rang: int) -> str:
    return f"C{(rang - 1) // LOTS_PAR_COPROPRIETE + 1:05d}"


def rows_tiers(e: Echelle) -> Iterator[Rangee]:
    rng = Random(e.graine)
    for n in range(1, e.lots + 1):
        nom = rng.choice(NOMS)
        yield (
            f"T{n:07d}",
            "PP",
            "Mme",
            nom,
            "Camille",
            "",
            f"tiers{n}@{e.slug}.example",
            "",
            "",
            "1 rue de l'Écluse",
            "",
            "49000",
            "Angers",
            "FR",
            "",
        )


def rows_coproprietes(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        yield (f"C{n:05d}", f"{n:05d}", f"Résidence {n}", f"ZZ{n:07d}", "", "", "", "", "", "")


def rows_immeubles(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        yield (
            f"I{n:05d}",
            f"C{n:05d}",
            "A",
            f"Bâtiment {n}",
            str(n),
            "",
            "rue de l'Écluse",
            "49000",
            "Angers",
            "49007",
            "",
            "",
            "",
        )


def rows_lots(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        copro = _copro(n)
        yield (f"L{n:07d}", f"I{copro[1:]}", copro, str(n), "appartement", "A", "", "1", "", "52.00", "")


def rows_cles(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        taille = min(LOTS_PAR_COPROPRIETE, e.lots - (n - 1) * LOTS_PAR_COPROPRIETE)
        yield (f"K{n:05d}", f"C{n:05d}", "GEN", "Charges générales", taille * 20)


def rows_tantiemes(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"K{_copro(n)[1:]}", f"L{n:07d}", 20)


def _amount(e: Echelle, compte: int) -> int:
    """Cents of each call of a compte."""
    return 20000 + (compte * 7919 + e.graine) % 40000


def _owes(e: Echelle, compte: int) -> bool:
    """One compte in ten has not paid its last call."""
    return compte % 10 == 0 or e.mouvements % 2 == 1


def _euros(valeur: int) -> str:
    return f"{valeur // 100}.{valeur % 100:02d}"


def rows_comptes(e: Echelle) -> Iterator[Rangee]:
    jour = e.reference.isoformat()
    for n in range(1, e.lots + 1):
        yield (
            f"A{n:07d}",
            "coproprietaire",
            f"450{n:07d}",
            f"Compte {n}",
            _copro(n),
            _euros(_balance(e, n)),
            jour,
            "virement",
            "",
            "",
            "true",
            "",
        )


def _balance(e: Echelle, compte: int) -> int:
    """Calls and payments alternate; an unpaid last call replaces its payment by a symbolic cent."""
    montant = _amount(e, compte)
    if e.mouvements % 2:
        return montant
    return montant - 1 if _owes(e, compte) and e.mouvements else 0


def rows_comptes_tiers(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"A{n:07d}", f"T{n:07d}", "titulaire", "", "true", "", "")


def rows_detentions(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"L{n:07d}", f"A{n:07d}", "2015-01-01", "")


def _days(e: Echelle) -> list[date]:
    """Day of each ledger line of a compte, oldest first, within three years."""
    depart = add_months(e.reference, -36)
    pas = (e.reference - depart).days / max(e.mouvements, 1)
    return [depart + timedelta(days=int(pas * rang) + 1) for rang in range(e.mouvements)]


def _calls(e: Echelle) -> list[tuple[int, str]]:
    """Rank and ISO day of the last calls; older ledger lines have no due item any more."""
    return [(rang, jour.isoformat()) for rang, jour in enumerate(_days(e)) if rang % 2 == 0][
        -APPELS_PAR_COMPTE:
    ]


def rows_echeances(e: Echelle) -> Iterator[Rangee]:
    appels = _calls(e)
    for n in range(1, e.lots + 1):
        compte, montant = f"A{n:07d}", _euros(_amount(e, n))
        for rang, jour in appels:
            impaye = rang >= e.mouvements - 2 and _owes(e, n)
            regle = ("0.00" if e.mouvements % 2 else "0.01") if impaye and rang == appels[-1][0] else montant
            yield (
                f"E{n:07d}-{rang}",
                compte,
                "appel_provision",
                "Appel de fonds",
                jour,
                jour,
                jour,
                jour,
                montant,
                regle,
                "",
            )


def rows_echeances_lignes(e: Echelle) -> Iterator[Rangee]:
    appels = _calls(e)
    for n in range(1, e.lots + 1):
        montant, cle = _euros(_amount(e, n)), f"K{_copro(n)[1:]}"
        for rang, _ in appels:
            yield (f"E{n:07d}-{rang}", 1, f"L{n:07d}", cle, "provision", "Charges générales", montant)


def rows_mouvements(e: Echelle) -> Iterator[Rangee]:
    jours = [jour.isoformat() for jour in _days(e)]
    dernier = e.mouvements - 1
    suivis = {rang for rang, _ in _calls(e)}
    for n in range(1, e.lots + 1):
        compte, montant = f"A{n:07d}", _euros(_amount(e, n))
        for rang, jour in enumerate(jours):
            echeance = f"E{n:07d}-{rang - rang % 2}" if rang - rang % 2 in suivis else ""
            if rang % 2 == 0:
                yield (
                    f"MV{n:07d}-{rang}",
                    compte,
                    jour,
                    "AF",
                    f"AF-{rang}",
                    "Appel de fonds",
                    montant,
                    "0.00",
                    "",
                    echeance,
                    "",
                )
            else:
                paye = "0.01" if rang == dernier and _owes(e, n) else montant
                yield (
                    f"MV{n:07d}-{rang}",
                    compte,
                    jour,
                    "BQ",
                    f"BQ-{rang}",
                    "Virement reçu",
                    "0.00",
                    paye,
                    "",
                    echeance,
                    "",
                )


def own_piece(name: str) -> bytes:
    """The smallest file that no other document has: what counts here is its name and its digest."""
    return b"%%PDF-1.4\n%% %s\n%%%%EOF\n" % name.encode()


def own_pieces(e: Echelle) -> Iterator[tuple[str, bytes]]:
    """The member and the content of every document that is served by a file of its own."""
    for n in range(1, e.lots + 1):
        for rang in range(e.documents):
            name = f"D{n:07d}-{rang}"
            yield f"documents/{name}.pdf", own_piece(name)


def rows_documents(e: Echelle, piece: bytes) -> Iterator[Rangee]:
    empreinte, octets, fichier = hashlib.sha256(piece).hexdigest(), len(piece), PDF
    for n in range(1, e.lots + 1):
        for rang in range(e.documents):
            jour = (e.reference - timedelta(days=30 * rang + n % 30)).isoformat()
            name = f"D{n:07d}-{rang}"
            if e.propres:
                own = own_piece(name)
                fichier, empreinte, octets = (
                    f"documents/{name}.pdf",
                    hashlib.sha256(own).hexdigest(),
                    len(own),
                )
            yield (
                name,
                fichier,
                empreinte,
                octets,
                "application/pdf",
                f"Appel de fonds {rang + 1}",
                "appel_de_fonds",
                jour,
                "compte",
                f"A{n:07d}",
                "compte",
                jour,
                "",
                "",
            )


def rows_acces(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"A{n:07d}", f"{n:08d}", "email")
