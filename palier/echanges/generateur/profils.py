"""The three agencies of the demo, and a small one for tests. All invented."""

from .resume import Profil, ProfilBatiment, ProfilCopropriete, Role

LES_TILLEULS = Profil(
    slug="les-tilleuls",
    nom="Les Tilleuls Immobilier",
    adresse="14 place de l'Ancien-Octroi",
    code_postal="49000",
    ville="Angers",
    code_insee="49007",
    telephone="02 61 91 40 10",
    couleur="#2f6b4f",
    siret="99900014000012",
    carte="CPI 4901 0000 000 000 014",
    coproprietes=(
        ProfilCopropriete(
            "0012", "Résidence du Clos-Fleuri",
            (ProfilBatiment("Résidence du Clos-Fleuri", "7", "rue du Clos-Fleuri", 3, 8),),
            caves=4, parkings=0, base=1000, budget=15800, construction=1964,
        ),
        ProfilCopropriete(
            "0048", "Les Terrasses de l'Écluse",
            (
                ProfilBatiment("Bâtiment A, côté Maine", "22", "rue de l'Écluse", 4, 15, 2),
                ProfilBatiment("Bâtiment B, côté jardin", "24", "rue de l'Écluse", 4, 13),
            ),
            caves=12, parkings=6, base=10000, budget=64500, construction=1978,
            travaux="Ravalement de la façade sud",
        ),
        ProfilCopropriete(
            "0180", "Ensemble immobilier Les Peupliers d'Hérouville et de la Haute-Saint-Martin",
            (
                ProfilBatiment("Tour des Peupliers", "101", "avenue des Peupliers", 8, 36, 2),
                ProfilBatiment("Bâtiment B, Les Glycines", "3", "square des Glycines", 6, 32, 1),
                ProfilBatiment("Bâtiment C, Haute-Saint-Martin", "58", "rue Haute-Saint-Martin", 5, 28, 1),
            ),
            caves=40, parkings=40, base=100000, budget=268000, construction=1971,
            travaux="Isolation des terrasses",
        ),
    ),
    mandats=35,
    baux=60,
    baux_en_copropriete=12,
    anciens_baux=7,
    roles=(
        Role("coproprietaire", "Mme", "Hélène", "Lefèvre"),
        Role("president_conseil", "M.", "Bernard", "Quéméneur"),
        Role("coproprietaire_bailleur", "Mme", "Anne-Laure", "d'Aubigné-Rousseau"),
        Role("ancien_coproprietaire", "M.", "Étienne", "L'Hostis"),
        Role("coproprietaire_locataire", "M.", "Olivier", "Marchand-Delahaye"),
        Role("deux_agences", "Mme", "Nadège", "Le Goff"),
        Role("bailleur", "Mme", "Françoise", "Péron"),
        Role("locataire", "M.", "Yanis", "Belhadj"),
        Role("ancien_locataire", "Mme", "Chloé", "Garnier"),
    ),
)  # fmt: skip

FONTAINE_PERRIN = Profil(
    slug="fontaine-perrin",
    nom="Agence Fontaine et Perrin",
    adresse="31 quai des Gabares",
    code_postal="44000",
    ville="Nantes",
    code_insee="44109",
    telephone="02 61 91 44 20",
    couleur="#8a3b2b",
    siret="99900044000028",
    carte="CPI 4401 0000 000 000 044",
    mandats=9,
    baux=14,
    anciens_baux=2,
    roles=(
        Role("deux_agences", "Mme", "Nadège", "Le Goff"),
        Role("bailleur", "M.", "Gérard", "Beauséjour"),
        Role("locataire", "Mme", "Aïcha", "N'Guessan"),
        Role("ancien_locataire", "M.", "Théo", "Cœurdevey"),
    ),
)

CABINET_AUBEPIN = Profil(
    slug="cabinet-aubepin",
    nom="Cabinet Aubépin, syndic de copropriété",
    adresse="5 rue de la Petite-Vitesse",
    code_postal="72000",
    ville="Le Mans",
    code_insee="72181",
    telephone="02 61 91 72 30",
    couleur="#34508c",
    siret="99900072000035",
    carte="CPI 7201 0000 000 000 072",
    coproprietes=(
        ProfilCopropriete(
            "0021", "Le Pressoir",
            (ProfilBatiment("Immeuble du Pressoir", "12", "venelle du Pressoir", 3, 11, 1),),
            caves=6, parkings=3, base=1000, budget=24200, construction=1989,
        ),
        ProfilCopropriete(
            "0034", "Villa Sainte-Apolline",
            (ProfilBatiment("Villa Sainte-Apolline", "40", "rue Sainte-Apolline", 4, 18),),
            caves=10, parkings=6, base=10000, budget=39600, construction=2003,
        ),
    ),
    roles=(
        Role("coproprietaire", "M.", "François-Xavier", "Montauban-Lacroix"),
        Role("president_conseil", "Mme", "Geneviève", "Réthoré"),
        Role("ancien_coproprietaire", "Mme", "Solène", "Vétillard"),
    ),
)  # fmt: skip

AGENCES = (LES_TILLEULS, FONTAINE_PERRIN, CABINET_AUBEPIN)

ESSAI = Profil(
    slug="agence-essai",
    nom="Agence d'essai",
    adresse="1 rue de la Tannerie",
    code_postal="49000",
    ville="Angers",
    code_insee="49007",
    telephone="02 61 91 00 00",
    couleur="#555555",
    siret="99900000000011",
    carte="CPI 4901 0000 000 000 000",
    coproprietes=(
        ProfilCopropriete(
            "0009", "Le Petit Puits",
            (ProfilBatiment("Le Petit Puits", "2", "impasse du Puits-Doré", 3, 8),),
            caves=1, parkings=0, base=1000, budget=9000, construction=1970,
        ),
        ProfilCopropriete(
            "0020", "Les Capucines",
            (
                ProfilBatiment("Bâtiment A", "3", "allée des Capucines", 3, 8, 1),
                ProfilBatiment("Bâtiment B", "5", "allée des Capucines", 3, 8),
            ),
            caves=2, parkings=1, base=10000, budget=21000, construction=1982, travaux="Réfection de la toiture",
        ),
    ),
    mandats=5,
    baux=8,
    baux_en_copropriete=3,
    anciens_baux=2,
    trimestres=5,
    roles=LES_TILLEULS.roles,
)  # fmt: skip
