"""Longer invented texts of the printed pieces."""

CHAPITRES_REGLEMENT = (
    (
        "Chapitre 1. Parties communes et parties privatives",
        (
            (
                "Sont communes les parties qui servent à tous ou à plusieurs : le sol, les gros murs, la"
                " toiture, les"
                " halls, les escaliers, les canalisations jusqu'au branchement de chaque lot, les locaux"
                " techniques."
            ),
            (
                "Sont privatives les parties réservées à l'usage d'un lot : revêtements intérieurs,"
                " cloisons, fenêtres et"
                " leurs volets, appareils sanitaires, branchements particuliers."
            ),
        ),
    ),
    (
        "Chapitre 2. Destination et jouissance",
        (
            (
                "L'immeuble est destiné à l'habitation ; les locaux du rez-de-chaussée peuvent recevoir un"
                " commerce ou une"
                " profession qui ne trouble ni la tranquillité ni l'odeur ni l'accès des lieux."
            ),
            (
                "Chacun use librement de son lot, sans porter atteinte aux droits des autres. Les travaux"
                " qui touchent la"
                " structure ou l'aspect extérieur sont soumis à l'assemblée générale."
            ),
            (
                "Le linge, les jardinières et les vélos ne sont pas laissés aux façades ni dans les passages"
                " communs."
            ),
        ),
    ),
    (
        "Chapitre 3. Charges",
        (
            (
                "Les charges générales sont réparties selon les tantièmes de l'état descriptif. Les"
                " charges d'ascenseur, de"
                " chauffage et d'eau sont réparties entre les seuls lots desservis, selon les clés annexées."
            ),
            (
                "Les provisions sont exigibles le premier jour de chaque trimestre. Le compte de chacun"
                " est arrêté après"
                " l'approbation des comptes."
            ),
        ),
    ),
    (
        "Chapitre 4. Assemblée générale, conseil syndical, syndic",
        (
            (
                "L'assemblée se réunit au moins une fois par an. Elle élit un conseil syndical pour trois ans"
                " au plus."
            ),
            (
                "Le syndic exécute les décisions, administre l'immeuble, tient les comptes et conserve les"
                " archives."
            ),
        ),
    ),
    (
        "Chapitre 5. Mutations",
        (
            (
                "L'acquéreur d'un lot est tenu des sommes qui deviennent exigibles après la notification"
                " de la vente."
                " Le présent règlement lui est opposable."
            ),
        ),
    ),
)

CARNET = (
    ("Réfection de l'étanchéité de la terrasse", "Couverture Gallard", "2011"),
    ("Remplacement de la chaudière par un modèle à condensation", "Thermique Beauvallon", "2015"),
    ("Mise aux normes de l'ascenseur", "Ascenseurs Élévia", "2017"),
    ("Reprise des enduits du pignon nord", "Façades Brossard", "2019"),
    ("Éclairage des communs par détection", "Électricité Humeau", "2021"),
    ("Contrôle des extincteurs et du désenfumage", "Sécurité Réthoré", "chaque année"),
    ("Entretien de la ventilation mécanique", "Thermique Beauvallon", "tous les trois ans"),
)

CLAUSES_BAIL = (
    ("Destination", "Le logement est loué à usage exclusif d'habitation principale."),
    (
        "Paiement",
        (
            "Le loyer et la provision sur charges sont payables d'avance, le premier jour de chaque mois."
            " Les charges sont"
            " régularisées une fois par an."
        ),
    ),
    (
        "Révision",
        (
            "Le loyer est révisé chaque année à la date anniversaire selon la variation de l'indice de"
            " référence des"
            " loyers du trimestre indiqué."
        ),
    ),
    (
        "Obligations du locataire",
        (
            "Le locataire use paisiblement des lieux, prend à sa charge l'entretien courant, s'assure"
            " contre les risques"
            " locatifs et en justifie chaque année."
        ),
    ),
    (
        "Obligations du bailleur",
        "Le bailleur remet un logement décent, en bon état, et assure au locataire une jouissance paisible.",
    ),
    (
        "Dépôt de garantie",
        "Il est rendu dans le délai légal après la remise des clés, déduction faite des sommes dues.",
    ),
)

ETAT_DES_LIEUX = (
    ("Entrée", "Peinture blanche, bon état", "Parquet, deux rayures"),
    ("Séjour", "Papier peint, état d'usage", "Parquet, bon état"),
    ("Cuisine", "Faïence, un carreau fêlé", "Carrelage, bon état"),
    ("Chambre", "Peinture claire, trous rebouchés", "Moquette, état d'usage"),
    ("Salle d'eau", "Faïence, joints refaits", "Carrelage, bon état"),
)
