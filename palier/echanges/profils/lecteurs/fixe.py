"""Fixed width text: columns by position; a line longer than declared, or other titles, stop the reading."""

from django.utils.translation import gettext as _

from ..constats import refuse
from ..entete import Correspondance, match_header
from ..texte import choose_encoding, clean, physical_lines
from .base import Releve, Travail


def _cut(line: str, slices: list[slice]) -> list[str]:
    return [clean(line[s].strip()) for s in slices]


def _check_titles(travail: Travail, line: str, slices: list[slice], number: int) -> Correspondance:
    """The titles must be the declared names, each at its own place."""
    titles = _cut(line, slices)
    entete = travail.source.entete
    place = match_header(titles, entete, travail.piece.nom, number)
    if place.positions != tuple(range(len(slices))):
        raise refuse(
            "entete_change",
            _("Les titres ne sont plus dans l'ordre que déclare le profil : corrigez l'export ou le profil."),
            travail.piece.nom,
            number,
        )
    return place


def read_fixed(travail: Travail) -> Releve:
    """Read one fixed width file. Raises ProfilRefuse."""
    source, releve, nom = travail.source, travail.releve(), travail.piece.nom
    releve.encodage = choose_encoding(travail.piece.chemin, source.encodages, nom)
    length = int(source.options["longueur_ligne"])
    slices = [slice(c["debut"] - 1, c["debut"] - 1 + c["longueur"]) for c in source.options["champs_fixes"]]
    skip = int(source.options.get("sauter_lignes", 0))
    titles = bool(source.options.get("ligne_de_titres", False))
    empties = frozenset(source.vides)
    releve.signature = source.entete.signature
    for number, line in enumerate(physical_lines(travail.piece.chemin, releve.encodage, nom), start=1):
        if number <= skip:
            continue
        if not line.strip(" \x1a"):
            releve.vides += 1
            continue
        if len(line.rstrip()) > length:
            message = _(
                "Ligne de {trouvee} caractères, alors que le profil en déclare {longueur} : la disposition a changé."
            ).format(trouvee=len(line.rstrip()), longueur=length)
            raise refuse("longueur_ligne", message, nom, number)
        if titles:
            titles = False
            _check_titles(travail, line, slices, number)
            continue
        releve.lignes += 1
        travail.put(number, ["" if c in empties else c for c in _cut(line, slices)], True)
    if not releve.lignes and not releve.vides:
        raise refuse("fichier_vide", _("Le fichier est vide."), nom)
    return releve
