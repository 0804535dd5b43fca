"""Invented names, streets and suppliers. Telephone numbers come from the ranges reserved for fiction."""

FEMMES = (
    "Hélène", "Françoise", "Chloé", "Nadège", "Aïcha", "Margaux", "Noémie", "Élodie", "Geneviève", "Solène",
    "Maëlle", "Brigitte", "Zoé", "Océane", "Marie-Thérèse", "Anne-Laure", "Yasmine", "Fatoumata", "Inès",
    "Joséphine",
    "Clémence", "Régine", "Sandrine", "Valérie", "Agnès", "Monique", "Danièle", "Léa", "Manon", "Ludivine",
    "Bérengère", "Simone", "Odile", "Cécile", "Gaëlle", "Linh", "Rosa", "Éléonore", "Mathilde", "Sylvie",
)  # fmt: skip
HOMMES = (
    "Bernard", "Yanis", "Étienne", "Olivier", "Jérôme", "Loïc", "François-Xavier", "Mickaël", "Gaël", "Rémi",
    "Cédric", "Jean-Baptiste", "Ousmane", "Karim", "Théo", "Anaël", "Gérard", "Raphaël", "Noël", "Stéphane",
    "Thibault", "Yves", "Hugo", "Côme", "Matthéo", "Aurélien", "Benoît", "Joël", "Émile", "Marc",
    "Philippe", "Antoine", "Duc", "Mehdi", "Tanguy", "Lucien", "Hervé", "Guénolé", "Pierre-Alexandre",
    "Kévin",
)  # fmt: skip
NOMS = (
    "Lefebvre", "Quéméneur", "Belhadj", "L'Hostis", "Garnier", "Le Goff", "Marchand", "N'Guessan", "Traoré",
    "Baudouin",
    "Péron", "Guéguen", "Chevalier", "Beauséjour", "Dupré", "Cœurdevey", "Ménard", "Hervouët", "Bénéteau",
    "Rabouin",
    "Lézé", "Gautreau", "Pineau", "Thévenot", "Boisselier", "Cailleau", "Dos Santos", "Nguyen", "Haddad",
    "Kowalczyk",
    "Métayer", "Saulnier", "Brossard", "Turpin", "Vallée", "Jouët", "Gallard", "Frémont", "Poirier",
    "Chauvigné",
    "Bellanger", "Réthoré", "Séchet", "Oger", "Launay", "Tessier", "Marteau", "Grandin", "Ollivier", "Pelé",
    "Rousselière", "Taillandier", "d'Hérouville", "de La Bretesche", "Ait-Kaci", "El Mansouri", "Fernandez",
    "Ravary", "Gohier", "Humeau", "Bossé", "Crétin", "Mahé", "Audouin", "Cesbron", "Delaunay", "Foucher",
    "Raimbault",
    "Blanchet", "Ferré", "Héry", "Ribault", "Toussaint", "Vétillard", "Zimmermann", "Özdemir", "Šimić",
    "Villeneuve",
    "Montauban-Lacroix", "Vandenbroucke-Desrosiers", "Papadopoulos-Lemaître", "Rakotomalala-Andrianarivo",
)  # fmt: skip
VOIES = (
    "rue des Fours-à-Chaux", "allée des Capucines", "rue de l'Écluse", "boulevard du Maréchal-Ferrant",
    "chemin de la Grée", "impasse du Puits-Doré", "rue Sainte-Apolline", "quai des Gabares",
    "rue de la Tannerie",
    "place de l'Ancien-Octroi", "rue du Clos-Fleuri", "avenue des Peupliers", "rue de l'Ardoisière",
    "venelle du Pressoir", "rue Haute-Saint-Martin", "square des Glycines", "rue de la Petite-Vitesse",
)  # fmt: skip
COMPLEMENTS = (
    "",
    "",
    "",
    "",
    "Appartement 12",
    "Résidence Bellevue, bâtiment B",
    "Lieu-dit La Haute-Folie",
    "2e étage",
)
VILLES = (
    ("49000", "Angers"), ("49100", "Angers"), ("44000", "Nantes"), ("72000", "Le Mans"), ("49300", "Cholet"),
    ("35000", "Rennes"), ("75011", "Paris"), ("69003", "Lyon"), ("33000", "Bordeaux"),
    ("85000", "La Roche-sur-Yon"),
)  # fmt: skip
DOMAINES = ("courriel.example", "messagerie.example", "boite.example", "postier.example")
SOCIETES = (
    "SCI des Trois Marronniers", "SCI L'Éperon", "SCI Bellevue Patrimoine et Famille", "SCI du Vieux Pont",
    "SARL Boulangerie Au Levain d'Antan", "SCI Ker Avel",
)  # fmt: skip

# compte comptable, libellé, clé, poids dans le budget, fournisseur, part récupérable (%)
POSTES = (
    ("601", "Eau froide", "EAU", 14, "Régie des eaux du Val", 100),
    ("602", "Électricité des parties communes", "GEN", 6, "Lumière du Maine", 100),
    ("603", "Combustible de chauffage", "CHA", 24, "Chaleur et Réseaux de l'Ouest", 100),
    ("611", "Nettoyage des parties communes", "GEN", 13, "Propreté Ligérienne", 100),
    ("614", "Contrat de maintenance de l'ascenseur", "ASC", 9, "Ascenseurs Élévia", 70),
    ("614", "Contrat d'entretien de la chaufferie", "CHA", 6, "Thermique Beauvallon", 60),
    ("615", "Entretien et petites réparations", "GEN", 8, "Multiservices Gaborit", 0),
    ("616", "Prime d'assurance multirisque", "GEN", 9, "Mutuelle des Immeubles Réunis", 0),
    ("621", "Honoraires du syndic", "GEN", 11, "", 0),
)
DIAGNOSTICS = (
    ("Diagnostic technique amiante des parties communes",
     "Aucun matériau contenant de l'amiante de la liste A n'a été repéré."),
    ("Constat de risque d'exposition au plomb des parties communes",
     "Revêtements non dégradés ; aucune mesure immédiate."),
    ("Diagnostic de performance énergétique collectif", "Étiquette énergie D, étiquette climat C."),
)  # fmt: skip
