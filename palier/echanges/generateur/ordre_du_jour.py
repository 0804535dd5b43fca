"""What a general meeting is asked, and the letter that calls to it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .blocs import Bloc, liste, money, texte, titre
from .copropriete import Copropriete
from .parts import euros
from .temps import full_date

ELECTRONIQUE = (
    "Chaque copropriétaire peut demander à tout moment à recevoir ses notifications par voie postale ; la"
    " demande"
    " prend effet dès que le syndic l'a reçue avec une date certaine."
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """One question put to the vote; voices are general tantièmes."""

    numero: str
    titre: str
    expose: str
    majorite: str
    resultat: str
    pour: int
    contre: int
    abstention: int


# Title, explanation, majority (an article of the loi 65-557), opposition in percent.
Question = tuple[str, str, str, int]


def agenda(syndic: str, copro: Copropriete, annee: int) -> list[Question]:
    """The questions of the ordinary meeting of a year, in the order in which they are put."""
    return [
        *_bureau(copro.conseil[0][0].nom_complet),
        *_comptes(annee, euros(copro.profil.budget)),
        *_designations(syndic, annee),
        *_travaux(copro.profil.travaux or "Peinture de la cage d'escalier"),
        *_divers(),
    ]


def _bureau(president: str) -> list[Question]:
    """Who chairs the meeting and who writes it down."""
    return [
        (
            "Élection du président de séance",
            f"{president} se porte candidat à la présidence de la séance.",
            "24",
            2,
        ),
        (
            "Élection des scrutateurs et du secrétaire",
            "Le syndic assure le secrétariat de la séance.",
            "24",
            3,
        ),
    ]


def _comptes(n: int, budget: Decimal) -> list[Question]:
    """The accounts of the past year, the budget of the next, the fund for works."""
    return [
        (
            f"Approbation des comptes de l'exercice {n - 1}",
            (
                f"Les comptes ont été adressés avec la convocation. Le conseil syndical a contrôlé les"
                f" pièces de"
                f" l'exercice {n - 1} et rend un avis favorable ; trois factures ont fait l'objet"
                f" d'une explication."
            ),
            "24",
            9,
        ),
        (
            f"Quitus au syndic pour l'exercice {n - 1}",
            "L'assemblée se prononce sur la gestion du syndic.",
            "24",
            22,
        ),
        (
            f"Budget prévisionnel de l'exercice {n + 1}",
            (
                f"Le projet de budget s'élève à {money(budget)}, réparti selon les clés du règlement"
                f" de copropriété et"
                " appelé par quarts le premier jour de chaque trimestre."
            ),
            "24",
            12,
        ),
        (
            "Cotisation au fonds de travaux",
            (
                "La cotisation annuelle est fixée à 5 % du budget prévisionnel et répartie selon les"
                " charges générales."
            ),
            "25",
            18,
        ),
    ]


def _designations(nom: str, n: int) -> list[Question]:
    """The syndic and the council."""
    return [
        (
            f"Désignation du syndic, {nom}",
            (
                f"Le contrat proposé court du 1er juin {n} au 31 mai {n + 2}. Le conseil syndical a"
                f" comparé trois offres."
            ),
            "25",
            16,
        ),
        (
            "Désignation des membres du conseil syndical",
            "Les candidatures sont reçues en séance ; le mandat est de trois ans.",
            "25",
            8,
        ),
    ]


def _travaux(travaux: str) -> list[Question]:
    """What is built or repaired."""
    return [
        (
            travaux,
            (
                "Trois devis ont été reçus. L'offre retenue comprend l'échafaudage, la reprise des"
                " maçonneries, deux"
                " couches de finition et la garantie décennale de l'entreprise. Les fonds sont appelés"
                " en deux fois."
            ),
            "25",
            34,
        ),
        (
            "Installation d'un garage à vélos fermé",
            (
                "Le local de l'ancienne chaufferie peut recevoir vingt vélos ; le devis comprend la"
                " serrurerie."
            ),
            "25",
            58,
        ),
    ]


def _divers() -> list[Question]:
    """What is left."""
    return [
        (
            "Autorisation permanente d'accès donnée à la police et à la gendarmerie",
            "L'autorisation porte sur les parties communes et peut être retirée à tout moment.",
            "24",
            25,
        ),
        (
            "Questions diverses, sans vote",
            "Il est rappelé que les encombrants ne sont pas déposés dans les locaux communs.",
            "",
            0,
        ),
    ]


def convocation_blocs(jour: date, lieu: str, resolutions: list[Resolution]) -> list[Bloc]:
    """The letter that calls to a meeting, with its agenda and what is joined."""
    return [
        texte("Madame, Monsieur,"),
        texte(
            f"Vous êtes convoqué à l'assemblée générale qui se tiendra le {full_date(jour)} à 18 h 30."
            f" Lieu : {lieu}."
        ),
        titre("Ordre du jour"),
        *(
            bloc
            for r in resolutions
            for bloc in (
                texte(
                    f"{r.numero}. {r.titre}"
                    + (f" (majorité de l'article {r.majorite})" if r.majorite else "")
                ),
                texte(r.expose),
            )
        ),
        titre("Pièces jointes"),
        liste(
            "formulaire de vote par correspondance, à retourner trois jours francs avant la séance",
            "pouvoir",
            "état financier et compte de gestion",
            "projet de budget",
            "projet de contrat de syndic",
        ),
        titre("Notifications"),
        texte(ELECTRONIQUE),
    ]
