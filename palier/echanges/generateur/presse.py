"""Prints the pieces with typst and publishes them in the table `documents`."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from palier.core.impression import compile_model

from .blocs import Bloc
from .registre import Chantier, Tiers
from .temps import short_date

MODELE = Path(__file__).with_name("modele.typ")
# A fixed creation date inside the PDFs (1 January 2026): the same content gives the same bytes.
HORODATAGE = 1767225600


def print_piece(piece: dict[str, Any]) -> bytes:
    """A tagged PDF from the JSON content of a piece."""
    return compile_model(
        MODELE.read_bytes(),
        format="pdf",
        sys_inputs={"piece": json.dumps(piece, ensure_ascii=False)},
        timestamp=HORODATAGE,
    )


class Ged:
    """Publishes the documents of one agency. Without PDFs in the profile it publishes nothing."""

    def __init__(self, chantier: Chantier) -> None:
        self.chantier = chantier

    def publish(
        self,
        cle: str,
        titre: str,
        categorie: str,
        le: date,
        portee: tuple[str, str],
        audience: str,
        blocs: Sequence[Bloc],
        *,
        destinataire: Tiers | None = None,
        sous_titre: str = "",
        remplace: str = "",
        publie_au: date | None = None,
    ) -> str:
        """Print a piece and publish it; returns the document's id, or "" when it is not dated yet."""
        if not self.chantier.profil.pdf or le > self.chantier.reference:
            return ""
        profil = self.chantier.profil
        contenu = print_piece(
            {
                "titre": titre,
                "sous_titre": sous_titre,
                "date": f"{profil.ville}, le {short_date(le)}",
                "agence": {
                    "nom": profil.nom,
                    "adresse": f"{profil.adresse}, {profil.code_postal} {profil.ville}",
                    "telephone": profil.telephone,
                    "couleur": profil.couleur,
                },
                "destinataire": destinataire.lignes_adresse if destinataire else [],
                "pied": f"{profil.nom} · carte professionnelle {profil.carte} · SIRET {profil.siret}"
                " · document de démonstration",
                "blocs": list(blocs),
            }
        )
        chemin = f"documents/{categorie}/{cle}.pdf"
        self.chantier.dossier.store(chemin, contenu)
        return self.register(cle, chemin, titre, categorie, le, portee, audience, remplace, publie_au)

    def register(
        self,
        cle: str,
        chemin: str,
        titre: str,
        categorie: str,
        le: date,
        portee: tuple[str, str],
        audience: str,
        remplace: str = "",
        publie_au: date | None = None,
    ) -> str:
        """Add a row for a file already stored: one file may serve several rows."""
        identifiant = f"D-{cle}"
        self.chantier.dossier.add(
            "documents",
            id=identifiant,
            fichier=chemin,
            sha256=self.chantier.dossier.empreintes[chemin],
            octets=len(self.chantier.dossier.fichiers[chemin]),
            mime="application/pdf",
            titre=titre,
            categorie=categorie,
            date_document=le,
            portee=portee[0],
            portee_id=portee[1],
            audience=audience,
            publie_du=le,
            publie_au=publie_au,
            remplace_id=remplace,
        )
        return identifiant
