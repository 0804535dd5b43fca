"""The `sources` of a generated profile: how each file is found, read, cut, and what its header must be."""

import re
from pathlib import PurePosixPath
from typing import Any

from .plan import Fichier

_MILLIERS = {"": [], " ": [" ", "\u00a0", "\u202f"], ".": ["."], "'": ["'"]}


def declared(fichier: Fichier) -> list[str]:
    """The names that the profile gives to the columns: their titles, unless a title cannot be a reference."""
    return [_safe(t, i) for i, t in enumerate(fichier.colonnes, start=1)]


def _safe(title: str, rank: int) -> str:
    bad = len(title) > 100 or title.startswith(("$", "@")) or "{" in title or "}" in title
    return f"Colonne {rank}" if bad else title


def name_pattern(nom: str) -> str:
    """A pattern of file names: this one, any digits standing for its digits (dates, numbers)."""
    base = PurePosixPath(nom).name
    parts = re.split(r"(\d+)", base)
    return r"(?:^|/)" + "".join(r"\d+" if p.isdigit() else re.escape(p) for p in parts if p)[:280] + "$"


def source(fichier: Fichier) -> dict[str, Any]:
    """One source of the profile."""
    lecture, reglages = fichier.lecture, fichier.reglages
    base: dict[str, Any] = {"fichier": name_pattern(fichier.nom)}
    if reglages.facultative:
        base["facultative"] = True
    if fichier.nature == "pdf":
        return {**base, "fichier": r"\.pdf$", "type": "dossier_pdf", "dates": _dates(fichier)}
    if fichier.nature == "fec":
        return {
            **base, "type": "fec", "encodages": ["utf-8-sig", "iso-8859-15"], "separateurs": ["\t", "|"],
            "dates": ["%Y%m%d", "%Y-%m-%d", "%d/%m/%Y"],
            "entete": {"requises": ["JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
                                    "CompAuxLib", "PieceRef", "EcritureLib"]},
        }  # fmt: skip
    base |= {"type": lecture.type, "decimal": [reglages.decimal, "," if reglages.decimal == "." else "."]}
    if lecture.type != "xlsx":
        base["decimal"] = [reglages.decimal]
        base["encodages"] = list(dict.fromkeys(["utf-8-sig", lecture.encodage or "cp1252"]))
        if lecture.encodage == "utf-16":
            base["encodages"] = ["utf-16"]
    base["milliers"] = list(_MILLIERS.get(reglages.milliers, []))
    base["dates"] = _dates(fichier)
    base |= _fixed(fichier) if lecture.type == "fixe" else _headed(fichier)
    if 0 <= lecture.pied_colonne < len(fichier.colonnes) and lecture.pied_texte:
        motif = "(?i)^" + re.escape(lecture.pied_texte)
        base["pied"] = {"colonne": declared(fichier)[lecture.pied_colonne], "motif": motif}
    debit, credit = (names_of(fichier, f"mouvements.{c}") for c in ("debit", "credit"))
    if len(debit) == len(credit) == 1:
        base["totaux"] = {"debit": debit[0], "credit": credit[0]}
    return base


def names_of(fichier: Fichier, cle: str) -> list[str]:
    """The declared names of the columns that fill a field."""
    names = declared(fichier)
    return [names[i] for i in sorted(fichier.champs) if fichier.champs[i] == cle and i < len(names)]


def _dates(fichier: Fichier) -> list[str]:
    first = ["%d/%m/%Y"] if fichier.lecture.type == "xlsx" else []
    wanted = [*first, *fichier.reglages.dates.values()]
    return list(dict.fromkeys(wanted)) or ["%d/%m/%Y", "%Y-%m-%d"]


def _headed(fichier: Fichier) -> dict[str, Any]:
    lecture, names = fichier.lecture, declared(fichier)
    alias = {n: [t] for n, t in zip(names, fichier.colonnes, strict=True) if n != t}
    entete: dict[str, Any] = {"colonnes": names, "requises": names, "inconnues": "refuser"}
    if alias:
        entete["alias"] = alias
    entete["chercher"] = min(max(20, lecture.titres), 200)
    if lecture.type == "xlsx":
        return {"feuille": lecture.feuille, "entete": entete} if lecture.feuille else {"entete": entete}
    return {"separateurs": [lecture.separateur], "entete": entete}


def _fixed(fichier: Fichier) -> dict[str, Any]:
    lecture = fichier.lecture
    starts = sorted({1, *lecture.coupes})
    ends = [*(s - 1 for s in starts[1:]), max(lecture.longueur, starts[-1])]
    fields = [
        {"nom": n, "debut": s, "longueur": e - s + 1}
        for n, s, e in zip(declared(fichier), starts, ends, strict=False)
    ]
    titled = bool(lecture.titres) and declared(fichier) == fichier.colonnes
    titled = titled and not any(
        t.startswith("(colonne ") or re.search(r" \(\d+\)$", t) for t in fichier.colonnes
    )
    skipped = lecture.titres - 1 if titled else lecture.titres
    return {
        "longueur_ligne": max(lecture.longueur, starts[-1]),
        "champs_fixes": fields,
        "ligne_de_titres": titled,
        "sauter_lignes": max(skipped, 0),
    }
