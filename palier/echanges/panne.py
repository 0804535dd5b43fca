"""What a breakdown of ours is, in one sentence for the person who ran the command."""

import errno
from collections.abc import Iterator

import duckdb

from palier.echanges.suivi import lost_base

_PLEIN = frozenset({errno.ENOSPC, errno.EDQUOT})


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _cause(error: BaseException) -> tuple[str, str]:
    """What happened, and what to do about it."""
    if lost_base(error):
        return "la base de données ne répond pas", "Vérifiez qu'elle est en marche"
    for found in _chain(error):
        if isinstance(found, OSError) and found.errno in _PLEIN:
            return "le disque est plein", "Libérez de la place"
        if isinstance(found, MemoryError | duckdb.OutOfMemoryException):
            return "la mémoire ou la place de travail manque", "Libérez-en"
        if isinstance(found, PermissionError):
            return "un fichier ne peut être ni lu ni écrit", "Vérifiez les droits sur les fichiers"
    return f"erreur inattendue ({type(error).__name__})", "Transmettez le journal à l'exploitant"


def sentence(geste: str, error: BaseException) -> str:
    """Return what happened to a check or an import, that what was on line is whole, and what to do."""
    cause, conseil = _cause(error)
    nom = "Le contrôle" if geste == "check" else "L'import"
    return (
        f"{nom} s'est arrêté sur une panne de notre côté : {cause}. Rien n'a changé en ligne : l'état précédent est "
        f"entier. {conseil}, puis relancez la commande ; le détail est dans le journal."
    )
