"""camt.053, bank-to-customer statements of ISO 20022, versions 2 to 8, read element by element.

DTDs and entities are refused. Only booked entries count; a batch is split when its details give the entry to the cent.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from ..constats import Gravite, refuse
from ..texte import clean
from ..valeurs import RELEVE
from .base import Releve, Travail
from .montants import amount, cents

VERSIONS = range(2, 9)
_ESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3})\.001\.(\d{2})")
_PROFONDEUR_MAX = 60


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _find(element: Element | None, *path: str) -> Element | None:
    for step in path:
        if element is None:
            return None
        element = next((c for c in element if _name(c.tag) == step), None)
    return element


def _all(element: Element | None, step: str) -> list[Element]:
    return [c for c in element if _name(c.tag) == step] if element is not None else []


def _text(element: Element | None, *paths: str) -> str:
    """The text at the first of these paths (`A/B`) that holds one."""
    for path in paths:
        found = _find(element, *path.split("/"))
        if found is not None and found.text and found.text.strip():
            return clean(found.text.strip())
    return ""


class _Lecture:
    """Turns statements into rows."""

    def __init__(self, travail: Travail, releve: Releve) -> None:
        self.travail, self.releve = travail, releve
        self.debit = self.credit = 0
        self.compte: dict[str, str] = {}
        self.initial: int | None = None
        self.mouvements = 0
        self.final: int | None = None
        self.ecartees = 0

    def fault(self, message: str, gravite: Gravite = Gravite.BLOQUANTE) -> None:
        code = "releve_ligne" if gravite is Gravite.BLOQUANTE else "releve_incoherent"
        self.travail.recueil.add(code, gravite, message, self.travail.piece.nom, self.releve.lignes or None)

    def _amount(self, element: Element | None) -> int | None:
        """Cents of an amount in euros, or a fault."""
        if element is None:
            return None
        value = cents((element.text or "").strip())
        if value is None or not (element.text or "").strip():
            self.fault(_("Montant illisible : « {valeur} ».").format(valeur=clean((element.text or "")[:40])))
            return None
        if element.get("Ccy", "EUR") != "EUR":
            message = _("Devise « {devise} » : seuls les relevés en euros sont admis.")
            self.fault(message.format(devise=clean(element.get("Ccy", "")[:10])))
            return None
        return value

    def _put(self, cells: dict[str, str]) -> None:
        row = {**self.compte, **cells}
        self.travail.put(self.releve.lignes, [row.get(c, "") for c in RELEVE], True)

    def account(self, element: Element) -> None:
        """`Acct`: who the statement is about."""
        self.compte |= {
            "compte": _text(element, "Id/IBAN", "Id/Othr/Id"),
            "titulaire": _text(element, "Nm", "Ownr/Nm"),
            "devise": _text(element, "Ccy") or "EUR",
            "bic": _text(element, "Svcr/FinInstnId/BICFI", "Svcr/FinInstnId/BIC"),
        }

    def balance(self, element: Element) -> None:
        """`Bal`: opening (OPBD, PRCD) and closing (CLBD) balances."""
        kind = _text(element, "Tp/CdOrPrtry/Cd")
        value = self._amount(_find(element, "Amt"))
        if value is None or kind not in {"OPBD", "PRCD", "CLBD"}:
            return
        value = -value if _text(element, "CdtDbtInd") == "DBIT" else value
        when = _text(element, "Dt/Dt", "Dt/DtTm")[:10]
        if kind == "CLBD":
            self.final = value
        elif self.initial is None:
            self.initial = value
        else:
            return
        genre = "solde_final" if kind == "CLBD" else "solde_initial"
        self._put({"genre": genre, "date": when, **self._side(value)})

    def _side(self, value: int) -> dict[str, str]:
        return {"Debit": amount(max(-value, 0)), "Credit": amount(max(value, 0))}

    def entry(self, element: Element) -> None:
        """`Ntry`: one booked movement, or the movements of its batch."""
        if (_text(element, "Sts/Cd", "Sts") or "BOOK") != "BOOK":
            self.ecartees += 1
            return
        self.releve.lignes += 1
        value = self._amount(_find(element, "Amt"))
        side = _text(element, "CdtDbtInd")
        if side not in {"CRDT", "DBIT"}:
            self.fault(_("Mouvement sans sens (CRDT ou DBIT)."))
            return
        if value is None:
            return
        signed = -value if side == "DBIT" else value
        self.mouvements += signed
        self.debit += max(-signed, 0)
        self.credit += max(signed, 0)
        when = _text(element, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10]
        if not when:
            self.fault(_("Mouvement sans date."))
            return
        for part, detail in self._parts(element, signed, side):
            self._put(self._cells(element, detail, part, when))

    def _parts(self, element: Element, signed: int, side: str) -> Iterator[tuple[int, Element | None]]:
        details = [t for d in _all(element, "NtryDtls") for t in _all(d, "TxDtls")]
        if len(details) > 1:
            values = [self._detail_amount(d, side) for d in details]
            known = [v for v in values if v is not None]
            if len(known) == len(details) and sum(known) == signed:
                yield from zip(known, details, strict=True)
                return
        yield signed, details[0] if len(details) == 1 else None

    def _detail_amount(self, detail: Element, side: str) -> int | None:
        found = _find(detail, "Amt")
        found = found if found is not None else _find(detail, "AmtDtls", "TxAmt", "Amt")
        if found is None or found.get("Ccy", "EUR") != "EUR":
            return None
        value = cents((found.text or "").strip())
        if value is None:
            return None
        return -value if (_text(detail, "CdtDbtInd") or side) == "DBIT" else value

    def _cells(self, element: Element, detail: Element | None, part: int, when: str) -> dict[str, str]:
        who = "Dbtr" if part >= 0 else "Cdtr"
        parties = _find(detail, "RltdPties")
        name = _text(parties, f"{who}/Pty/Nm", f"{who}/Nm")
        notes = " ".join(
            filter(None, (clean(u.text or "").strip() for u in _all(_find(detail, "RmtInf"), "Ustrd")))
        )
        extra = _text(detail, "AddtlTxInf") or _text(element, "AddtlNtryInf")
        end_to_end = _text(detail, "Refs/EndToEndId")
        code = "/".join(
            filter(None, (_text(element, f"BkTxCd/Domn/{p}") for p in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")))
        )
        return {
            "genre": "mouvement",
            "date": when,
            "date_valeur": _text(element, "ValDt/Dt", "ValDt/DtTm")[:10],
            **self._side(part),
            "libelle": (notes or extra or name or code or _("Mouvement"))[:1000],
            "complement": extra if notes else "",
            "reference": _text(detail, "Refs/AcctSvcrRef", "Refs/InstrId")
            or _text(element, "AcctSvcrRef", "NtryRef"),
            "bout_en_bout": "" if end_to_end == "NOTPROVIDED" else end_to_end,
            "mandat": _text(detail, "Refs/MndtId"),
            "contrepartie": name,
            "contrepartie_iban": _text(parties, f"{who}Acct/Id/IBAN", f"{who}Acct/Id/Othr/Id"),
            "code_operation": code,
            "code_rejet": _text(detail, "RtrInf/Rsn/Cd"),
        }

    def statement(self) -> None:
        """End of `Stmt`: opening balance and movements must give the closing one."""
        if not self.compte.get("compte"):
            self.fault(_("Relevé sans numéro de compte."))
        if self.initial is not None and self.final is not None:
            computed = self.initial + self.mouvements
            if computed != self.final:
                message = _(
                    "Compte {compte} : solde initial et mouvements font {calcule}, le solde final est {donne} "
                    "(écart {ecart}). Il manque des mouvements, ou le relevé a été modifié."
                )
                self.fault(
                    message.format(
                        compte=self.compte.get("compte", ""),
                        calcule=amount(computed),
                        donne=amount(self.final),
                        ecart=amount(self.final - computed),
                    ),
                    Gravite.ALERTE,
                )
        self.compte, self.initial, self.final, self.mouvements = {}, None, None, 0

    def finish(self) -> None:
        self.releve.debit, self.releve.credit = self.debit, self.credit
        if self.ecartees:
            message = _(
                "{n} mouvements non comptabilisés par la banque (en attente ou pour information) : écartés."
            )
            self.travail.recueil.add(
                "releve_non_comptabilise", Gravite.INFO, message.format(n=self.ecartees), self.travail.piece.nom,
                nombre=self.ecartees,
            )  # fmt: skip


def _check_root(tag: str, nom: str) -> None:
    match = _ESPACE.search(tag)
    if _name(tag) != "Document" or match is None:
        raise refuse("pas_un_camt053", _("Ce fichier XML n'est pas un message bancaire ISO 20022."), nom)
    kind, version = match.groups()
    if kind != "camt.053":
        message = _("Ce fichier est un message {genre}, pas un relevé de compte camt.053.")
        raise refuse("pas_un_camt053", message.format(genre=f"{kind}.001.{version}"), nom)
    if int(version) not in VERSIONS:
        message = _("camt.053 version {version} : les versions 2 à 8 sont admises.")
        raise refuse("camt_version", message.format(version=int(version)), nom)


def _walk(file: Any, reading: _Lecture, nom: str) -> None:
    """Follow the elements, forgetting each as soon as it has been used."""
    stack: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            if not stack:
                _check_root(element.tag, nom)
            stack.append(element)
            if len(stack) > _PROFONDEUR_MAX:
                raise refuse("xml_profond", _("Éléments XML imbriqués trop profondément."), nom)
            continue
        stack.pop()
        parent = _name(stack[-1].tag) if stack else ""
        kind = _name(element.tag)
        if kind == "Stmt":
            reading.statement()
        elif parent == "Stmt":
            if kind == "Acct":
                reading.account(element)
            elif kind == "Id":
                reading.compte["releve"] = clean((element.text or "").strip())
            elif kind == "Bal":
                reading.balance(element)
            elif kind == "Ntry":
                reading.entry(element)
        if parent in {"Stmt", "BkToCstmrStmt"}:
            stack[-1].remove(element)


def read_camt(travail: Travail) -> Releve:
    """Read one camt.053 file. Raises ProfilRefuse."""
    nom, releve = travail.piece.nom, travail.releve()
    reading = _Lecture(travail, releve)
    try:
        with travail.piece.chemin.open("rb") as file:
            _walk(file, reading, nom)
    except DefusedXmlException as error:
        raise refuse("xml_entite", _("Le XML contient une DTD ou une entité : refusé."), nom) from error
    except ParseError as error:
        line = error.position[0] if getattr(error, "position", None) else None
        raise refuse(
            "xml_invalide", _("Ce fichier n'est pas un XML bien formé, ou il est coupé."), nom, line
        ) from error
    except (LookupError, ValueError) as error:
        raise refuse("xml_invalide", _("L'encodage du XML n'est pas lisible."), nom) from error
    reading.finish()
    return releve


__all__ = ["read_camt"]
