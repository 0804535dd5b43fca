"""The rules of a column as SQL: how a raw text is judged and typed, in each dialect.

Canon: decimal point, ISO dates, true/false. excel-fr: decimal comma, blanks between thousands, dd/mm/yyyy,
Oui/Non. The engine's own casts are lenient (2026-1-5, 1e3): each value first passes a pattern.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from palier.echanges.schemas import Champ

#: Digits before the decimal point: more would not fit the engine's fast decimals.
CHIFFRES = 12
_ISO = r"\d{4}-\d{2}-\d{2}"
_ISO_TIME = _ISO + r"[T ]\d{2}:\d{2}(:\d{2})?"
_VRAI, _FAUX = ("true", "1"), ("false", "0")


@dataclass(frozen=True)
class Regle:
    """One way for a cell to be wrong: `condition` is true for a faulty raw value."""

    colonne: str
    code: str
    condition: str
    params: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Colonne:
    """A column ready for SQL: `valeur` types the raw text, `finale` is what is kept once the rules are judged."""

    type_sql: str
    valeur: str
    finale: str
    regles: tuple[Regle, ...]


def quote(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _match(sql: str, pattern: str) -> str:
    return f"NOT regexp_full_match({sql}, {quote(pattern)})"


def _number(champ: Champ, raw: str, excel: bool) -> tuple[str, str, str, str]:
    text = f"replace(regexp_replace({raw}, '[\\s\u00a0\u202f]', '', 'g'), ',', '.')" if excel else raw
    if champ.type == "integer":
        return "BIGINT", f"try_cast({text} AS BIGINT)", _match(text, r"-?\d{1,15}"), _("un nombre entier")
    decimals = champ.decimales
    pattern = rf"-?\d{{1,{CHIFFRES}}}(\.\d{{1,{decimals}}})?"
    kind = f"DECIMAL({CHIFFRES + decimals},{decimals})"
    attendu = _("un nombre à {decimales} décimales au plus").format(decimales=decimals)
    return kind, f"try_cast({text} AS {kind})", _match(text, pattern), attendu


def _date(raw: str, excel: bool, typed: str) -> tuple[str, str, str, str]:
    if excel:
        value = f"CAST(try_strptime({raw}, '%d/%m/%Y') AS DATE)"
        wrong, attendu = _match(raw, r"\d{2}/\d{2}/\d{4}"), _("une date JJ/MM/AAAA")
    else:
        value = f"try_cast({raw} AS DATE)"
        wrong, attendu = _match(raw, _ISO), _("une date AAAA-MM-JJ")
    bounds = f"{typed} IS NULL OR {typed} NOT BETWEEN DATE '1700-01-01' AND DATE '2200-12-31'"
    return "DATE", value, f"({raw} IS NOT NULL AND ({wrong} OR {bounds}))", attendu


def _boolean(raw: str, excel: bool) -> tuple[str, str, str, str]:
    vrai, faux = (*_VRAI, *(("oui",) if excel else ())), (*_FAUX, *(("non",) if excel else ()))
    text = f"lower({raw})"
    yes, no = (", ".join(map(quote, v)) for v in (vrai, faux))
    value = f"CASE WHEN {text} IN ({yes}) THEN true WHEN {text} IN ({no}) THEN false END"
    attendu = _("Oui ou Non") if excel else _("true ou false")
    return "BOOLEAN", value, f"{text} NOT IN ({yes}, {no})", attendu


def _typed(champ: Champ, raw: str, excel: bool, typed: str) -> tuple[str, str, str, str]:
    if champ.type in {"number", "integer"}:
        return _number(champ, raw, excel)
    if champ.type == "date":
        return _date(raw, excel, typed)
    if champ.type == "boolean":
        return _boolean(raw, excel)
    value = f"try_cast({raw} AS TIMESTAMP)"
    wrong = f"({raw} IS NOT NULL AND ({_match(raw, _ISO_TIME)} OR {typed} IS NULL))"
    return "TIMESTAMP", value, wrong, _("une date et une heure AAAA-MM-JJTHH:MM:SS")


def _bounds(champ: Champ, value: str) -> list[Regle]:
    rules = []
    for limit, sign, text in ((champ.minimum, "<", _("au moins")), (champ.maximum, ">", _("au plus"))):
        if limit is not None:
            params = (("borne", f"{text} {limit}"),)
            rules.append(Regle(champ.nom, "valeur_hors_bornes", f"{value} {sign} {limit}", params))
    return rules


def _too_long(raw: str, maximum: int) -> str:
    """Counting bytes first is several times cheaper than counting characters."""
    return f"strlen({raw}) > {maximum} AND length({raw}) > {maximum}"


def _text_rules(champ: Champ, raw: str) -> list[Regle]:
    rules = []
    if champ.liste:
        values = ", ".join(map(quote, champ.liste))
        liste = ", ".join(champ.liste)
        rules.append(Regle(champ.nom, "valeur_hors_liste", f"{raw} NOT IN ({values})", (("liste", liste),)))
    if champ.longueur is not None:
        params = (("maximum", champ.longueur),)
        rules.append(Regle(champ.nom, "valeur_trop_longue", _too_long(raw, champ.longueur), params))
    if champ.motif:
        rules.append(Regle(champ.nom, "motif", _match(raw, champ.motif)))
    return rules


def build_column(champ: Champ, raw: str, excel: bool, typed: str) -> Colonne:
    """The rules and the typed expression of a column.

    `raw` is the SQL expression of its text, `typed` the name under which its value is computed once before the
    rules are judged.
    """
    rules = [Regle(champ.nom, "valeur_absente", f"{raw} IS NULL")] if champ.requis else []
    kind, value, final = "VARCHAR", raw, typed
    if champ.type == "string":
        rules += _text_rules(champ, raw)
    else:
        kind, value, wrong, attendu = _typed(champ, raw, excel, typed)
        rules.append(Regle(champ.nom, "type_invalide", wrong, (("attendu", attendu),)))
        rules += _bounds(champ, typed)
    if champ.valeur_seule and rules:
        any_fault = " OR ".join(f"({r.condition})" for r in rules)
        final = f"CASE WHEN {any_fault} THEN NULL ELSE {typed} END"
        rules = [Regle(champ.nom, "valeur_ignoree", any_fault)]
    return Colonne(kind, value, final, tuple(rules))
