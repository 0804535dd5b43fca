"""Who can sign in to the demo, and to whom its unused codes are addressed. All invented."""

from dataclasses import dataclass

# Shown by ./run demo: it opens invented data only, and exists in demo mode only.
MOT_DE_PASSE = "cerise-vitrail-ponton-42"


@dataclass(frozen=True, slots=True)
class Client:
    """A client account: the generated person whose accès it holds, one or several (slug, capacity)."""

    email: str
    capacite: str
    acces: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Equipier:
    """A staff account of one agence; ``slug`` is empty for the portal's operator and for his data protection officer."""

    email: str
    capacite: str
    slug: str
    nom: str
    role: str


CLIENTS = (
    Client(
        "helene.lefevre@courriel.example",
        "Copropriétaire",
        (("les-tilleuls", "coproprietaire"),),
        "Hélène Lefèvre, Les Tilleuls Immobilier",
    ),
    Client(
        "bernard.quemeneur@courriel.example",
        "Conseil syndical",
        (("les-tilleuls", "president_conseil"),),
        "Bernard Quéméneur, président du conseil",
    ),
    Client(
        "francoise.peron@courriel.example",
        "Propriétaire bailleur",
        (("les-tilleuls", "bailleur"),),
        "Françoise Péron, Les Tilleuls Immobilier",
    ),
    Client(
        "yanis.belhadj@courriel.example",
        "Locataire",
        (("les-tilleuls", "locataire"),),
        "Yanis Belhadj, Les Tilleuls Immobilier",
    ),
    Client(
        "anne-laure.daubigne@courriel.example",
        "Copropriétaire et bailleur",
        (("les-tilleuls", "coproprietaire_bailleur"),),
        "Anne-Laure d'Aubigné-Rousseau, Les Tilleuls Immobilier",
    ),
    Client(
        "francois-xavier.montauban@courriel.example",
        "Copropriétaire (autre agence)",
        (("cabinet-aubepin", "coproprietaire"),),
        "François-Xavier Montauban-Lacroix, Cabinet Aubépin",
    ),
)
EQUIPE = (
    Equipier(
        "ines.haddad@les-tilleuls.example", "Gestionnaire", "les-tilleuls", "Inès Haddad", "gestionnaire"
    ),
    Equipier(
        "jonas.ferrand@les-tilleuls.example",
        "Gestionnaire d’une seule copropriété",
        "les-tilleuls",
        "Jonas Ferrand",
        "gestionnaire",
    ),
    Equipier(
        "clemence.rabouin@les-tilleuls.example",
        "Administrateur",
        "les-tilleuls",
        "Clémence Rabouin",
        "administrateur",
    ),
    Equipier(
        "paul.fontaine@fontaine-perrin.example",
        "Administrateur (autre agence)",
        "fontaine-perrin",
        "Paul Fontaine",
        "administrateur",
    ),
    Equipier("exploitant@palier.example", "Exploitant du portail", "", "", ""),
    Equipier("dpo@palier.example", "Protection des données", "", "", "dpo"),
)
# Whose codes stay unused: the same person at two agencies first, so that a second attachment can be tried.
CODES = (
    ("les-tilleuls", "deux_agences"),
    ("fontaine-perrin", "deux_agences"),
    ("les-tilleuls", "coproprietaire_locataire"),
    ("fontaine-perrin", "locataire"),
    ("les-tilleuls", "ancien_locataire"),
)
