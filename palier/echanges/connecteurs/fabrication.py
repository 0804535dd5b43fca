"""Makes a mapping profile out of a plan: plain YAML of the published format, that anybody may read and change."""

import copy
from typing import Any

import yaml
from django.utils.translation import gettext as _

from palier.echanges.profils.constats import refuse
from palier.echanges.profils.modele import Profil, build_profile, parse_yaml

from .plan import Fichier, Plan
from .recettes import Recette, presence
from .sources import declared, source

#: Who tells the accounts first: a balance, then the ledger (it sums), then the lists of persons.
_COMPTES = ("comptes", "ecritures", "fec", "coproprietaires", "bailleurs", "locataires")
#: Who tells the persons first: whoever was asked for contacts knows them best.
_PERSONNES = ("contacts", "coproprietaires", "bailleurs", "locataires", "comptes")
_TIERS = (
    "civilite",
    "email",
    "telephone_mobile",
    "telephone_fixe",
    "adresse_1",
    "adresse_2",
    "code_postal",
    "ville",
)
Emission = dict[str, Any]


def build_text(plan: Plan, version: int = 1, statut: str = "gabarit") -> str:
    """The YAML of a plan. Raises ProfilRefuse when nothing can be made of it."""
    files = sorted(plan.prets, key=lambda f: f.rang)
    emissions = _emissions(plan, files)
    if not emissions:
        raise refuse(
            "plan_vide", _("Associez au moins un fichier à des comptes clients pour obtenir un profil.")
        )
    data = {
        "profil": plan.connecteur,
        "version": version,
        "statut": statut,
        "titre": plan.nom[:120],
        "description": f"Calibré par l'agence avec l'assistant, connecteur {plan.connecteur}.",
        "cible": {"format": "dossier-portail", "version": "1.0"},
        "historique": plan.historique,
        "sources": {f.source: source(f) for f in files},
        "emissions": emissions,
    }
    return yaml.dump(
        copy.deepcopy(data),
        Dumper=_Plain,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=None,
    )


class _Plain(yaml.SafeDumper):
    """Writes no anchor: the reader of profiles refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def build(plan: Plan) -> Profil:
    """The profile of a plan, checked as any other. Raises ProfilRefuse."""
    return build_profile(parse_yaml(build_text(plan), "profil.yaml"), "profil.yaml")


def _ranked(files: list[Fichier], order: tuple[str, ...]) -> list[Recette]:
    kept = [f for f in files if f.nature in order]
    return [Recette(f) for f in sorted(kept, key=lambda f: (order.index(f.nature), f.rang))]


def _emissions(plan: Plan, files: list[Fichier]) -> list[Emission]:
    accounts, persons = _ranked(files, _COMPTES), _ranked(files, _PERSONNES)
    found: list[Emission] = []
    for r in accounts:
        found += _coproprietes(r)
    for r in accounts:
        found += _lots(r)
    for r in accounts:
        found += _comptes(r)
    for r in persons:
        found += _tiers(r)
    for r in accounts:
        found += _mandats(r)
    for r in accounts:
        found += _baux(r) + _detentions(r)
    for r in accounts:
        found += _mouvements(r)
    found += [_documents(Recette(f)) for f in files if f.nature == "pdf"]
    if any(e["table"] == "comptes_tiers" for e in found):
        found.append(
            {"table": "acces", "depuis": "table:comptes_tiers", "unique": True,
             "champs": {"compte_id": {"de": "compte_id"}, "invitation": {"constante": plan.invitation}}}
        )  # fmt: skip
    return found if any(e["table"] == "comptes" for e in found) else []


def _emission(
    r: Recette, table: str, champs: dict[str, Any], filtre: list[Any], *, unique: bool = True
) -> Emission:
    made: Emission = {"table": table, "depuis": r.f.source}
    if filtre:
        made["filtre"] = filtre
    if unique:
        made["unique"] = True
    made["si_incomplet"] = "ecarter"
    made["champs"] = {k: v for k, v in champs.items() if v is not None}
    return made


def _absent(table: str, identity: Any) -> dict[str, Any]:
    """Keep the rows whose identifier no earlier source gave."""
    return presence(
        {"joindre": {"dans": f"table:{table}", "sur": {"id": identity}, "prendre": "id"}}, vide=True
    )


def _coproprietes(r: Recette) -> list[Emission]:
    if r.copro is None:
        return []
    code = {"de": r.copro} if isinstance(r.copro, str) else dict(r.copro)
    found = []
    for _role, rules, shared in r.roles():
        if not shared:
            continue
        nom = r.brut("coproprietes.nom")
        champs = {
            "id": code,
            "code": code,
            "nom": {"premier_non_vide": [nom, r.copro]}
            if nom is not None
            else {"premier_non_vide": [r.copro]},
            "immatriculation_rnc": r.value("coproprietes.immatriculation_rnc"),
        }
        filtre = [*rules, presence(r.copro, vide=False), _absent("coproprietes", r.copro)]
        found.append(_emission(r, "coproprietes", champs, filtre))
    return found


def _lots(r: Recette) -> list[Emission]:
    building = r.building
    if building is None or not r.f.has("lots.numero"):
        return []
    copro = {"de": r.copro} if isinstance(r.copro, str) else r.copro
    filled = [presence(r.brut("lots.numero"), vide=False)]
    immeuble = {
        "id": building,
        "copropriete_id": copro,
        "code": building,
        "libelle": r.value("immeubles.libelle"),
    }
    lot = {"id": r.lot_id, "immeuble_id": building, "copropriete_id": copro, "numero": r.value("lots.numero")}
    lot |= {c: r.value(f"lots.{c}") for c in ("type", "batiment", "etage", "surface_m2")}
    return [
        _emission(r, "immeubles", immeuble, [*filled, _absent("immeubles", building)]),
        _emission(r, "lots", lot, [*filled, _absent("lots", r.lot_id)]),
    ]


def _comptes(r: Recette) -> list[Emission]:
    if r.numero is None:
        return []
    found = []
    for role, rules, shared in r.roles():
        copro = {"de": r.copro} if isinstance(r.copro, str) else r.copro
        champs = {
            "id": r.account_id,
            "role": role,
            "numero": r.numero if isinstance(r.numero, dict) else {"de": r.numero},
            "intitule": _intitule(r),
            "copropriete_id": copro if shared else None,
            **_balance(r),
            "mode_reglement": r.value("comptes.mode_reglement"),
            "iban_masque": r.value("comptes.iban_masque"),
            "publie": {"constante": True},
        }
        found.append(_emission(r, "comptes", champs, [*rules, presence(r.account, vide=True)]))
    return found


def _intitule(r: Recette) -> dict[str, Any]:
    if r.fec:
        return {"premier_non_vide": ["CompAuxLib", "CompteLib", "CompAuxNum", "CompteNum"]}
    own = [v for v in (r.brut("comptes.intitule"),) if v is not None]
    names = [n for c in ("tiers.raison_sociale", "tiers.nom", "tiers.prenom") for n in r.f.columns_of(c)]
    if names:
        safe = dict(zip(r.f.colonnes, declared(r.f), strict=True))
        own.append({"concat": ["{" + safe[n] + "}" for n in names], "joint": " "})
    return {"decouper": {"premier_non_vide": [*own, r.numero]}, "longueur": 300}


def _balance(r: Recette) -> dict[str, Any]:
    """The balance: as it is given, else the sum of the ledger."""
    if r.fec:
        return {"solde": {"somme_groupe": "{Debit} - {Credit}"}, "solde_le": {"plus_recent": "EcritureDate"}}
    if r.f.nature == "ecritures":
        debit, credit = r.brut("mouvements.debit"), r.brut("mouvements.credit")
        if isinstance(debit, str) and isinstance(credit, str):
            day = r.brut("mouvements.le")
            return {"solde": {"somme_groupe": "{" + debit + "} - {" + credit + "}"},
                    "solde_le": {"plus_recent": day} if isinstance(day, str) else None}  # fmt: skip
        return {}
    found: dict[str, Any] = {"solde_le": r.value("comptes.solde_le")}
    debit, credit, one = (r.brut(f"comptes.{c}") for c in ("solde_debit", "solde_credit", "solde"))
    if isinstance(debit, str) and isinstance(credit, str):
        found["solde"] = {"sens": {"debit": debit, "credit": credit}, "cote": "solde"}
    elif isinstance(one, str):
        found["solde"] = {"sens": {"montant": one, "positif": r.f.reglages.positif}, "cote": "solde"}
    return found


def _tiers(r: Recette) -> list[Emission]:
    named = r.brut("tiers.nom")
    if named is None or r.numero is None:
        return []
    first = presence(
        {"joindre": {"dans": "table:comptes_tiers", "sur": {"compte_id": r.account}, "prendre": "compte_id"}},
        vide=True,
    )
    known = [presence(r.account, vide=False), first]
    common = {"id": r.person, **{c: r.value(f"tiers.{c}") for c in _TIERS}}
    new = [*known, _absent("tiers", r.person)]
    company = r.brut("tiers.raison_sociale")
    natural = {
        **common,
        "nature": {"constante": "PP"},
        "nom": r.value("tiers.nom"),
        "prenom": r.value("tiers.prenom"),
    }
    found = [_emission(r, "tiers", natural, new if company is None else [*new, presence(company, vide=True)])]
    if company is not None:
        legal = {**common, "nature": {"constante": "PM"}, "nom": r.value("tiers.raison_sociale"),
                 "siren": {"motif": r.brut("tiers.siren"), "regex": r"^\d{9}"} if r.f.has("tiers.siren") else None}  # fmt: skip
        found.append(_emission(r, "tiers", legal, [*new, presence(company, vide=False)]))
    qualite = r.value("comptes_tiers.qualite")
    held = {
        "compte_id": r.account,
        "tiers_id": r.person,
        "qualite": {**qualite, "defaut": "titulaire"} if qualite else {"constante": "titulaire"},
        "acces": {"constante": True},
    }
    return [*found, _emission(r, "comptes_tiers", held, known)]


def _mandats(r: Recette) -> list[Emission]:
    numero = r.value("mandats.numero")
    if r.f.nature != "bailleurs" or numero is None:
        return []
    champs = {"id": numero, "numero": numero, "compte_id": r.account, "debut": r.value("mandats.debut"),
              "fin": r.value("mandats.fin")}  # fmt: skip
    return [_emission(r, "mandats", champs, [presence(r.brut("mandats.numero"), vide=False)])]


def _baux(r: Recette) -> list[Emission]:
    if r.f.nature != "locataires" or not r.f.has("baux.debut"):
        return []
    own = r.brut("baux.numero")
    numero = {"premier_non_vide": [v for v in (own, r.numero) if v is not None]}
    mandate = r.brut("mandats.numero")
    link = None
    if mandate is not None:
        link = {
            "joindre": {
                "dans": "table:mandats",
                "sur": {"id": mandate},
                "prendre": "id",
                "comparer": "alphanumerique",
            }
        }
    champs = {"id": numero, "numero": numero, "mandat_id": link, "compte_id": r.account}
    champs |= {
        c: r.value(f"baux.{c}")
        for c in ("debut", "fin", "sortie_le", "loyer", "provision_charges", "depot_garantie")
    }
    begun = [presence(r.brut("baux.debut"), vide=False)]
    found = [_emission(r, "baux", champs, begun)]
    if r.building is not None and r.f.has("lots.numero"):
        rented = [*begun, presence(r.brut("lots.numero"), vide=False)]
        found.append(_emission(r, "baux_lots", {"bail_id": numero, "lot_id": r.lot_id}, rented))
        if link is not None:
            found.append(_emission(r, "mandats_lots", {"mandat_id": link, "lot_id": r.lot_id}, rented))
    return found


def _detentions(r: Recette) -> list[Emission]:
    if r.building is None or not r.f.has("lots.numero") or not r.f.has("detentions.debut"):
        return []
    champs = {"lot_id": r.lot_id, "compte_id": r.account, "debut": r.value("detentions.debut")}
    return [_emission(r, "detentions", champs, [presence(r.brut("lots.numero"), vide=False)])]


def _mouvements(r: Recette) -> list[Emission]:
    if r.f.nature not in {"ecritures", "fec"}:
        return []
    if r.fec:
        marks = [
            "JournalCode",
            "EcritureNum",
            "EcritureDate",
            "CompteNum",
            "CompAuxNum",
            "PieceRef",
            "EcritureLib",
            "Debit",
            "Credit",
        ]
        champs = {
            "le": {"date": "EcritureDate"}, "journal": {"de": "JournalCode"}, "piece": {"de": "PieceRef"},
            "libelle": {"decouper": {"premier_non_vide": ["EcritureLib", "JournalLib", "JournalCode"]}, "longueur": 300},
            "debit": {"sens": {"debit": "Debit", "credit": "Credit"}, "cote": "debit"},
            "credit": {"sens": {"debit": "Debit", "credit": "Credit"}, "cote": "credit"},
            "lettrage": {"de": "EcritureLet"},
        }  # fmt: skip
    else:
        safe = declared(r.f)
        marks = [
            safe[i] for i in sorted(r.f.champs) if i < len(safe) and r.f.champs[i] != "mouvements.lettrage"
        ]
        champs = {c: r.value(f"mouvements.{c}") for c in ("le", "journal", "piece", "libelle", "lettrage")}
        champs |= _amounts(r)
    champs = {"id": {"empreinte": marks, "doublons": "rang"}, "compte_id": r.account, **champs}
    return [
        {
            **_emission(r, "mouvements", champs, [presence(r.account, vide=False)], unique=False),
            "si_incomplet": "refuser",
        }
    ]


def _amounts(r: Recette) -> dict[str, Any]:
    debit, credit = r.brut("mouvements.debit"), r.brut("mouvements.credit")
    given: dict[str, Any]
    if isinstance(debit, str) and isinstance(credit, str):
        given = {"debit": debit, "credit": credit}
    else:
        given = {"montant": r.brut("mouvements.montant")}
        side = r.brut("mouvements.sens")
        if isinstance(side, str):
            given["sens"] = side
            for name in ("debit", "credit"):
                words = [k for k, v in r.f.reglages.valeurs.get("mouvements.sens", {}).items() if v == name]
                if words:
                    given[name] = words
        else:
            given["positif"] = r.f.reglages.positif
    return {c: {"sens": given, "cote": c} for c in ("debit", "credit")}


def _documents(r: Recette) -> Emission:
    """Documents named by pieces: which piece of the name is the account, the date, the title."""
    said = r.f.reglages.pdf
    mark = said.get("separateur", "_")

    def piece(name: str) -> dict[str, Any] | None:
        rank = said.get(name, "")
        return (
            {"decouper": "nom", "separateur": mark, "rang": int(rank)} if rank.lstrip("-").isdigit() else None
        )

    account = piece("compte") or {"de": "nom"}
    link = {
        "joindre": {
            "dans": "table:comptes",
            "sur": {"numero": account},
            "prendre": "id",
            "comparer": "alphanumerique",
        }
    }
    title = piece("titre")
    day = piece("date")
    champs = {
        "id": {"empreinte": ["sha256", "nom"]}, "fichier": {"de": "fichier"}, "sha256": {"de": "sha256"},
        "octets": {"de": "octets"}, "mime": {"constante": "application/pdf"},
        "titre": {"decouper": {"premier_non_vide": [*([title] if title else []), "nom"]}, "longueur": 300},
        "categorie": {"constante": said.get("categorie", "autre")},
        "date_document": {"date": day, "formats": [said.get("date_format", "%Y-%m-%d")], "illisible": "vider"} if day else None,
        "portee": {"constante": "compte"}, "portee_id": link, "audience": {"constante": "compte"},
    }  # fmt: skip
    return _emission(r, "documents", champs, [])
