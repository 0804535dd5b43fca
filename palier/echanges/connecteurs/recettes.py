"""The values and the emissions that a file gives: from « this column is that field » to rows of the format."""

from typing import Any

from .champs import CHAMPS, Nature, natures
from .plan import Fichier
from .sources import names_of

Valeur = Any
#: Dates and amounts without which a row says something false; another one that cannot be read is emptied, with an alert.
_STRICTS = frozenset({
    "mouvements.le", "mouvements.debit", "mouvements.credit", "mouvements.montant", "comptes.solde",
    "comptes.solde_debit", "comptes.solde_credit", "baux.debut", "detentions.debut",
})  # fmt: skip
ROLES = ("coproprietaire", "locataire", "bailleur")


def presence(value: Valeur, *, vide: bool) -> dict[str, Any]:
    """The filter that keeps rows whose value is empty, or filled."""
    return {"colonne": value, "vide": vide}


class Recette:
    """What one file of the plan can say."""

    def __init__(self, fichier: Fichier) -> None:
        self.f = fichier
        self.nature: Nature = natures()[fichier.nature]
        self.fec = fichier.nature == "fec"

    # --- values ----------------------------------------------------------------------------------------------

    def brut(self, cle: str) -> Valeur | None:
        """A field as text: a column, several joined by a blank, or a constant."""
        names = names_of(self.f, cle)
        if len(names) == 1:
            return names[0]
        if names:
            return {"concat": ["{" + n + "}" for n in names], "joint": " "}
        constant = self.f.reglages.constantes.get(cle, "")
        return {"constante": constant} if constant else None

    def value(self, cle: str) -> dict[str, Any] | None:
        """A field under the verb that its kind asks for."""
        raw = self.brut(cle)
        if raw is None:
            return None
        genre = CHAMPS[cle].genre
        lenient = {} if cle in _STRICTS else {"illisible": "vider"}
        if genre == "date":
            formats = [self.f.reglages.dates[cle]] if cle in self.f.reglages.dates else []
            formats += ["%d/%m/%Y"] if self.f.lecture.type == "xlsx" else []
            return {"date": raw, **({"formats": list(dict.fromkeys(formats))} if formats else {}), **lenient}
        if genre == "montant":
            return {"nombre": raw, **lenient}
        if genre == "iban":
            return {"masquer": raw}
        if genre == "rnc":
            return {"majuscule": raw}
        if genre == "valeurs" and cle in self.f.reglages.valeurs and names_of(self.f, cle):
            table = {k: v for k, v in self.f.reglages.valeurs[cle].items() if v}
            if table:
                return {
                    "table": raw,
                    "valeurs": table,
                    "sinon": "refuser" if cle == "comptes.role" else "vide",
                }
        if genre in {"libelle", "adresse", "nom"}:
            return {"decouper": raw, "longueur": 300}
        return {"de": raw} if isinstance(raw, str) else dict(raw)

    @property
    def numero(self) -> Valeur:
        """The account number, as a reference or a value."""
        return {"premier_non_vide": ["CompAuxNum", "CompteNum"]} if self.fec else self.brut("comptes.numero")

    @property
    def copro(self) -> Valeur | None:
        """The code of the copropriété."""
        return self.brut("coproprietes.code")

    def identity(self, *cles: str) -> dict[str, Any]:
        """An identifier made of several fields, the empty ones skipped."""
        parts: list[str] = []
        for cle in cles:
            names = names_of(self.f, cle)
            constant = self.f.reglages.constantes.get(cle, "")
            parts += ["{" + n + "}" for n in names] or ([constant] if constant else [])
        return {"concat": parts, "joint": "/"}

    @property
    def account_id(self) -> dict[str, Any]:
        """The identifier that this file gives to an account."""
        if self.fec:
            constant = self.f.reglages.constantes.get("coproprietes.code", "")
            return {
                "concat": [*([constant] if constant else []), "{CompteNum}", "{CompAuxNum}"],
                "joint": "/",
            }
        return self.identity("coproprietes.code", "comptes.numero")

    @property
    def account(self) -> dict[str, Any]:
        """The account on line in this dossier: by number and copropriété, else by number alone."""
        alone = {"joindre": {"dans": "table:comptes", "sur": {"numero": self.numero}, "prendre": "id",
                             "comparer": "alphanumerique"}}  # fmt: skip
        if self.copro is None:
            return alone
        both = {"joindre": {"dans": "table:comptes", "sur": {"numero": self.numero, "copropriete_id": self.copro},
                            "prendre": "id", "comparer": "alphanumerique"}}  # fmt: skip
        return {"premier_non_vide": [both, alone]}

    @property
    def person(self) -> dict[str, Any]:
        """The identifier of a person: the back-office's, else a fingerprint that a new e-mail does not change."""
        names = [n for c in ("comptes.numero", "coproprietes.code", "tiers.nom", "tiers.prenom", "tiers.raison_sociale")
                 for n in names_of(self.f, c)]  # fmt: skip
        mark = {"empreinte": names}
        own = names_of(self.f, "tiers.id")
        return {"premier_non_vide": [own[0], mark]} if own else mark

    @property
    def building(self) -> dict[str, Any] | None:
        """The identifier of the building: its code, else that of its copropriété."""
        raw = self.brut("immeubles.code")
        raw = raw if raw is not None else self.copro
        if raw is None:
            return None
        return {"de": raw} if isinstance(raw, str) else dict(raw)

    @property
    def lot_id(self) -> dict[str, Any]:
        first = "immeubles.code" if self.f.has("immeubles.code") else "coproprietes.code"
        return self.identity(first, "lots.numero")

    # --- roles -----------------------------------------------------------------------------------------------

    def roles(self) -> list[tuple[dict[str, Any], list[dict[str, Any]], bool]]:
        """For each capacity: its value, the filter of its rows, and whether it may be that of a co-owner."""
        if names_of(self.f, "comptes.role"):
            value = self.value("comptes.role") or {}
            dropped = [k for k, v in self.f.reglages.valeurs.get("comptes.role", {}).items() if not v]
            rules = (
                [{"colonne": names_of(self.f, "comptes.role")[0], "parmi": dropped, "sauf": True}]
                if dropped
                else []
            )
            return [(value, rules, True)]
        role = self.nature.role or self.f.reglages.role
        if role:
            return [({"constante": role}, [], role == "coproprietaire")]
        tested = "CompteNum" if self.fec else self.numero
        found = []
        for name in ROLES:
            prefixes = [p.strip() for p in self.f.reglages.prefixes.get(name, "").split(",") if p.strip()]
            if prefixes:
                motif = "(?i)^(?:" + "|".join(_escaped(p) for p in prefixes) + ")"
                found.append(
                    ({"constante": name}, [{"colonne": tested, "motif": motif}], name == "coproprietaire")
                )
        return found


def _escaped(prefix: str) -> str:
    return "".join(c if c.isalnum() else "\\" + c for c in prefix)[:40]
