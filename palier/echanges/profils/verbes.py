"""Compiles the closed list of verbs into SQL. Nothing of a profile is ever run: names become columns of ours,
texts become quoted literals, patterns go to RE2 (linear time).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from palier.echanges.regles import quote
from palier.echanges.schemas import Champ

from .constats import refuse

_TERME = re.compile(r"([+-]?)\s*\{([^{}]+)\}")
_MORCEAU = re.compile(r"\{([^{}]+)\}")
SEPARATEUR = "chr(31)"


@dataclass
class Portee:
    """What a value may name: columns (and `@captures`), `$parametres`, and how the source writes its figures."""

    colonnes: Mapping[str, str]
    parametres: Mapping[str, str]
    decimal: tuple[str, ...] = (".",)
    milliers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    joindre: Callable[[Mapping[str, Any], "Portee"], str] | None = None
    fautes: list["Faute"] = field(default_factory=list)
    lieu: str = ""

    def ref(self, name: str) -> str:
        """The SQL of a column, a capture or a parameter. Raises ProfilRefuse when there is none."""
        if name.startswith("$"):
            if name[1:] not in self.parametres:
                raise refuse(
                    "reference",
                    _("{ou} : le paramètre « {nom} » n'est pas déclaré.").format(ou=self.lieu, nom=name),
                )
            return f"nullif({quote(self.parametres[name[1:]])}, '')"
        if name not in self.colonnes:
            raise refuse(
                "reference",
                _("{ou} : la colonne « {nom} » n'est pas déclarée.").format(ou=self.lieu, nom=name),
            )
        return self.colonnes[name]


@dataclass(frozen=True)
class Faute:
    """A row is wrong when `condition` holds; `valeur` is what it shows. With `vider` it is only an alert."""

    colonne: str
    condition: str
    valeur: str
    message: str
    vider: bool = False


@dataclass(frozen=True)
class Expression:
    """A compiled value. `agregat` is set when it spans the rows of a group; `rang` when duplicates are numbered."""

    sql: str
    agregat: str = ""
    rang: bool = False
    decimales: int = 0


def number_sql(text: str, portee: Portee, decimals: int) -> str:
    """A text as an exact decimal: null when it is not a number, or when rounding it would lose something."""
    signs = "".join(re.escape(d) for d in portee.decimal)
    drop = "".join(portee.milliers)
    plain = f"translate({text}, {quote(drop)}, '')" if drop else text
    pattern = rf"[+-]?(\d{{1,15}}([{signs}]\d*)?|[{signs}]\d+)|\d{{1,15}}([{signs}]\d+)?-"
    dotted = f"replace({plain}, ',', '.')"
    value = f"CASE WHEN suffix({dotted}, '-') THEN '-' || rtrim({dotted}, '-') ELSE ltrim({dotted}, '+') END"
    fits = rf"NOT regexp_matches({dotted}, '\.\d{{{decimals}}}\d*[1-9]')"
    return (
        f"CASE WHEN regexp_full_match({plain}, {quote(pattern)}) AND {fits} "
        f"THEN try_cast({value} AS DECIMAL(30,{decimals})) END"
    )


def date_sql(text: str, formats: tuple[str, ...]) -> str:
    """A text as a date under the first format that fits; years before 1800 or after 2200 do not."""
    tries = ", ".join(f"try_strptime({text}, {quote(f)})" for f in formats)
    value = f"CAST(coalesce({tries}) AS DATE)"
    return f"CASE WHEN year({value}) BETWEEN 1800 AND 2200 THEN {value} END"


def sum_sql(expression: str, portee: Portee, decimals: int = 2) -> str:
    """`{Debit} - {Credit}` as SQL; an empty cell counts for zero."""
    terms = []
    for sign, name in _TERME.findall(expression):
        value = number_sql(portee.ref(name), portee, decimals)
        terms.append(f"{'-' if sign == '-' else '+'} coalesce({value}, 0)")
        _fault(portee, portee.ref(name), value, _("nombre illisible"))
    return "(0 " + " ".join(terms) + ")"


def _fault(portee: Portee, text: str, value: str, message: str, vider: bool = False) -> None:
    portee.fautes.append(
        Faute(portee.lieu, f"({text}) IS NOT NULL AND ({value}) IS NULL", text, message, vider)
    )


def _inner(value: Any, portee: Portee, champ: Champ) -> str:
    """The SQL of a nested value: a reference, or another verb."""
    if isinstance(value, str):
        return portee.ref(value)
    compiled = compile_value(value, portee, champ)
    if compiled.agregat or compiled.rang:
        raise refuse(
            "profil_verbe", _("{ou} : ce verbe ne s'emboîte pas dans un autre.").format(ou=portee.lieu)
        )
    return compiled.sql


def _literal(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"nullif({quote(text)}, '')"


def _concat(spec: Mapping[str, Any], portee: Portee) -> str:
    parts, names = [], []
    for template in spec["concat"]:
        pieces, at = [], 0
        for match in _MORCEAU.finditer(template):
            if match.start() > at:
                pieces.append(quote(template[at : match.start()]))
            name = portee.ref(match[1])
            names.append(name)
            pieces.append(name if "joint" in spec else f"coalesce({name}, '')")
            at = match.end()
        if at < len(template):
            pieces.append(quote(template[at:]))
        parts.append(" || ".join(pieces) or "''")
    joined = f"concat_ws({quote(spec.get('joint', ''))}, {', '.join(parts)})"
    if not names:
        return joined
    return f"CASE WHEN coalesce({', '.join(names)}) IS NOT NULL THEN nullif({joined}, '') END"


def _cut(spec: Mapping[str, Any], text: str) -> str:
    if "separateur" in spec:
        return (
            f"nullif(trim(split_part({text}, {quote(spec['separateur'])}, {int(spec.get('rang', 1))})), '')"
        )
    length = f", {int(spec['longueur'])}" if "longueur" in spec else ""
    return f"nullif(trim(substr({text}, {int(spec.get('debut', 1))}{length})), '')"


def _mapped(spec: Mapping[str, Any], portee: Portee, text: str) -> str:
    cases = " ".join(
        f"WHEN {quote(' '.join(str(k).casefold().split()))} THEN {_literal(v)}"
        for k, v in spec["valeurs"].items()
    )
    otherwise = text if spec.get("sinon") == "garder" else "NULL"
    value = f"CASE lower({text}) {cases} ELSE {otherwise} END"
    if spec.get("sinon", "refuser") == "refuser":
        _fault(portee, text, value, _("valeur absente de la table de correspondance"))
    return value


def _sens(spec: Mapping[str, Any], portee: Portee) -> str:
    """Debit, credit or balance; a negative amount goes to the other side, as the format has none."""
    given = spec["sens"]

    def number(name: str) -> str:
        value = number_sql(portee.ref(name), portee, 2)
        _fault(portee, portee.ref(name), value, _("nombre illisible"))
        return f"coalesce({value}, 0)"

    if "montant" not in given:
        debit, credit = number(given["debit"]), number(given["credit"])
        sides = {
            "debit": f"greatest({debit}, 0) + greatest(-{credit}, 0)",
            "credit": f"greatest({credit}, 0) + greatest(-{debit}, 0)",
            "solde": f"{debit} - {credit}",
        }
        return f"({sides[spec['cote']]})"
    value = number(given["montant"])
    if "sens" in given:
        side = f"upper({portee.ref(given['sens'])})"
        listed = {
            k: ", ".join(quote(str(v).upper()) for v in _several(given.get(k, d))) for k, d in _SENS.items()
        }
        sign = (
            f"CASE WHEN {side} IN ({listed['debit']}) THEN 1 WHEN {side} IN ({listed['credit']}) THEN -1 END"
        )
        _fault(
            portee,
            f"coalesce({side}, '')",
            f"CASE WHEN {value} = 0 THEN 0 ELSE {sign} END",
            _("sens inconnu"),
        )
        signed = f"({value} * coalesce({sign}, 0))"
    else:
        signed = value if given.get("positif", "debit") == "debit" else f"(-{value})"
    return {"debit": f"greatest({signed}, 0)", "credit": f"greatest(-{signed}, 0)", "solde": signed}[
        spec["cote"]
    ]


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_SENS = {"debit": ["D", "DEBIT", "DÉBIT", "+1", "1", "+"], "credit": ["C", "CREDIT", "CRÉDIT", "-1", "-"]}


def _digest(names: list[str], portee: Portee) -> str:
    parts = ", ".join(f"coalesce({portee.ref(n)}, '')" for n in names)
    return f"substr(sha256(concat_ws({SEPARATEUR}, {parts})), 1, 32)"


def _masked(text: str) -> str:
    """The first four and the last three characters of an account number: enough to know it, not to use it."""
    bare = f"regexp_replace(upper({text}), '[^0-9A-Z]', '', 'g')"
    return (
        f"CASE WHEN length({bare}) >= 14 THEN substr({bare}, 1, 4) || ' **** **** ' || right({bare}, 3) END"
    )


def _plain(verb: str, spec: Mapping[str, Any], portee: Portee, champ: Champ) -> str:
    """The verbs that read one row and give a text."""
    if verb == "de":
        return portee.ref(spec["de"])
    if verb == "constante":
        return _literal(spec["constante"])
    if verb == "concat":
        return _concat(spec, portee)
    if verb == "premier_non_vide":
        return f"coalesce({', '.join(_inner(v, portee, champ) for v in spec[verb])})"
    if verb == "joindre":
        if portee.joindre is None:
            raise refuse(
                "profil_verbe", _("{ou} : « joindre » n'est pas possible ici.").format(ou=portee.lieu)
            )
        return portee.joindre(spec["joindre"], portee)
    text = _inner(spec[verb], portee, champ)
    if verb == "decouper":
        return _cut(spec, text)
    if verb == "motif":
        return (
            f"nullif(trim(regexp_extract({text}, {quote(spec['regex'])}, {int(spec.get('groupe', 0))})), '')"
        )
    if verb == "majuscule":
        return f"upper({text})"
    if verb == "masquer":
        return _masked(text)
    return _mapped(spec, portee, text)


def _typed(verb: str, spec: Mapping[str, Any], portee: Portee, champ: Champ) -> Expression:
    """`date`, `nombre` and `sens`: texts that must mean something."""
    decimals = champ.decimales if champ.type == "number" else (2 if verb == "sens" else 0)
    if verb == "sens":
        return Expression(f"CAST(CAST({_sens(spec, portee)} AS DECIMAL(30,{decimals})) AS VARCHAR)")
    text = _inner(spec[verb], portee, champ)
    if verb == "date":
        value = date_sql(text, tuple(spec.get("formats", portee.dates)))
        message = _("date illisible")
    else:
        value = number_sql(text, portee, decimals)
        message = _("nombre illisible, ou plus précis que {n} décimales").format(n=decimals)
    _fault(portee, text, value, message, spec.get("illisible") == "vider")
    return Expression(f"CAST({value} AS VARCHAR)")


def compile_value(spec: Mapping[str, Any], portee: Portee, champ: Champ) -> Expression:
    """The SQL of one field. Raises ProfilRefuse for a name that does not exist."""
    verb = next(k for k in spec if k not in _OPTIONS)
    if verb == "somme_groupe":
        decimals = champ.decimales or 2
        return Expression(sum_sql(spec[verb], portee, decimals), agregat="sum", decimales=decimals)
    if verb == "plus_recent":
        text = _inner(spec[verb], portee, champ)
        value = date_sql(text, portee.dates)
        _fault(portee, text, value, _("date illisible"))
        return Expression(value, agregat="max")
    if verb == "empreinte":
        return Expression(_digest(spec[verb], portee), rang=spec.get("doublons", "refuser") == "rang")
    found = (
        _typed(verb, spec, portee, champ)
        if verb in {"date", "nombre", "sens"}
        else Expression(_plain(verb, spec, portee, champ))
    )
    if "defaut" in spec:
        found = Expression(f"coalesce({found.sql}, {_literal(spec['defaut'])})")
    return found


_OPTIONS = frozenset({
    "defaut", "joint", "debut", "longueur", "separateur", "rang", "regex", "groupe", "valeurs", "sinon", "formats",
    "illisible", "cote", "doublons",
})  # fmt: skip
