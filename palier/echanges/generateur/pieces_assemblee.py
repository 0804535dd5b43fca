"""General meetings: rows, resolutions with their votes, convocations and minutes of several pages."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from .blocs import (
    Bloc,
    fiche,
    numeros,
    page,
    signatures,
    tableau,
    texte,
    titre,
)
from .charges import Charges, meeting_day
from .ordre_du_jour import Resolution, agenda, convocation_blocs
from .presse import Ged
from .registre import Compte
from .temps import full_date, short_date

LIEUX = ("Salle du rez-de-chaussée, 3 place de l'Ancien-Octroi", "Maison de quartier, rue de la Tannerie")


@dataclass(frozen=True, slots=True)
class Presence:
    """A compte at a meeting, with its voices."""

    compte: Compte
    voix: int
    mode: str


def publish_assemblees(ged: Ged, charges: Charges) -> None:
    """The last three yearly meetings held, and the next one when its convocation has left."""
    reference = charges.reference
    annees = [
        a for a in range(reference.year - 4, reference.year + 1) if meeting_day(a, charges.copro) <= reference
    ]
    for annee in annees[-3:]:
        Assemblee(ged, charges, annee).held()
    _special(ged, charges)


class Assemblee:
    """One yearly meeting that was held."""

    def __init__(self, ged: Ged, charges: Charges, annee: int) -> None:
        self.ged, self.charges, self.copro, self.annee = ged, charges, charges.copro, annee
        self.jour = meeting_day(annee, charges.copro)
        self.id = f"AG{self.copro.profil.code}-{annee}"
        self.rng: Random = ged.chantier.random(f"assemblee/{self.id}")
        self.lieu = LIEUX[annee % 2]

    def held(self) -> None:
        """Write the meeting, its resolutions, and its pieces."""
        self.ged.chantier.dossier.add(
            "assemblees",
            id=self.id,
            copropriete_id=self.copro.id,
            type="ordinaire",
            le=f"{self.jour.isoformat()}T18:30:00",
            lieu=self.lieu,
            statut="tenue",
        )
        presences = self._attendance()
        resolutions = self._resolutions(presences)
        for r in resolutions:
            self.ged.chantier.dossier.add(
                "resolutions",
                assemblee_id=self.id,
                numero=r.numero,
                titre=r.titre,
                majorite=r.majorite,
                resultat=r.resultat,
                pour=r.pour,
                contre=r.contre,
                abstention=r.abstention,
            )
        self._publish(presences, resolutions)

    def _publish(self, presences: list[Presence], resolutions: list[Resolution]) -> None:
        portee, nom = ("assemblee", self.id), self.copro.profil.nom
        convocation = self.jour - timedelta(days=27)
        self.ged.publish(
            f"CONV-{self.id}",
            f"Convocation à l'assemblée générale du {short_date(self.jour)}",
            "convocation",
            convocation,
            portee,
            "coproprietaires",
            convocation_blocs(self.jour, self.lieu, resolutions),
            sous_titre=nom,
        )
        self.ged.publish(
            f"PV-{self.id}",
            f"Procès-verbal de l'assemblée générale du {short_date(self.jour)}",
            "pv_assemblee",
            self.jour + timedelta(days=12),
            portee,
            "coproprietaires",
            self._minutes(presences, resolutions),
            sous_titre=nom,
        )
        feuille = [[p.compte.intitule, p.mode, str(p.voix)] for p in presences]
        self.ged.publish(
            f"FP-{self.id}",
            f"Feuille de présence du {short_date(self.jour)}",
            "autre",
            self.jour,
            portee,
            "interne",
            [tableau(("Copropriétaire", "Présence", "Voix"), feuille, (2,))],
            sous_titre=nom,
        )

    def _attendance(self) -> list[Presence]:
        modes = ("présent",) * 8 + ("représenté",) * 4 + ("vote par correspondance",) * 3 + ("absent",) * 5
        comptes = self.copro.active(self.jour)
        return [Presence(c, self.copro.voices(c, self.jour), self.rng.choice(modes)) for c in comptes]

    def _resolutions(self, presences: list[Presence]) -> list[Resolution]:
        votants = sum(p.voix for p in presences if p.mode != "absent")
        questions = agenda(self.ged.chantier.profil.nom, self.copro, self.annee)
        return [self._vote(str(rang), q, votants) for rang, q in enumerate(questions, 1)]

    def _vote(self, numero: str, question: tuple[str, str, str, int], votants: int) -> Resolution:
        """`question` carries the share of voices against; article 25 counts against the voices of all."""
        intitule, expose, majorite, opposition = question
        if not majorite:
            return Resolution(numero, intitule, expose, "", "sans_vote", 0, 0, 0)
        contre = votants * self.rng.randint(opposition // 2, opposition) // 100
        abstention = votants * self.rng.randint(0, 6) // 100
        pour = votants - contre - abstention
        base = self.copro.profil.base
        adoptee = pour > contre if majorite == "24" else 2 * pour > base
        if majorite == "25" and not adoptee and 3 * pour >= base:
            # One third of all voices: a second vote at once at the majority of article 24 (article 25-1).
            majorite, adoptee = "25-1", pour > contre
        resultat = "adoptee" if adoptee else "rejetee"
        return Resolution(numero, intitule, expose, majorite, resultat, pour, contre, abstention)

    def _minutes(self, presences: list[Presence], resolutions: list[Resolution]) -> list[Bloc]:
        presents = [p for p in presences if p.mode != "absent"]
        voix, base = sum(p.voix for p in presents), self.copro.profil.base
        blocs = [
            texte(
                f"Le {full_date(self.jour)} à dix-huit heures trente, les copropriétaires de"
                f" {self.copro.profil.nom},"
                f" {self.copro.adresse}, se sont réunis en assemblée générale ordinaire sur convocation du"
                f" syndic,"
                f" {self.ged.chantier.profil.nom}. Lieu : {self.lieu}."
            ),
            fiche(
                (
                    "Présents, représentés ou votant par correspondance",
                    f"{len(presents)} sur {len(presences)}",
                ),
                ("Voix exprimables", f"{voix} sur {base}"),
            ),
            titre("Ordre du jour"),
            numeros(*(r.titre for r in resolutions)),
            titre("Présence"),
            tableau(
                ("Copropriétaire", "Présence", "Voix"),
                [[p.compte.intitule, p.mode, str(p.voix)] for p in presents],
                (2,),
            ),
            page(),
        ]
        for resolution in resolutions:
            blocs += self._resolution(resolution, presents)
        blocs += [
            titre("Clôture"),
            texte(
                "L'ordre du jour étant épuisé, le président de séance lève la séance à vingt et une heures"
                " dix."
            ),
            texte(
                "Les actions en contestation doivent être introduites par les copropriétaires opposants ou"
                " défaillants dans les deux mois de la notification de ce procès-verbal."
            ),
            signatures("Le président de séance", "Le scrutateur", "Le secrétaire"),
        ]
        return blocs

    def _resolution(self, r: Resolution, presents: list[Presence]) -> list[Bloc]:
        if r.resultat == "sans_vote":
            return [
                titre(f"Point {r.numero}. {r.titre}"),
                texte(r.expose),
                texte("Ce point ne donne pas lieu à un vote."),
            ]
        mot = {"adoptee": "adoptée", "rejetee": "rejetée"}[r.resultat]
        nommes = [
            p.compte.intitule for p in presents if self.rng.random() * 100 < 100 * r.contre / (r.pour + 1)
        ][:5]
        suite = [texte(f"Se sont opposés, notamment : {' ; '.join(nommes)}.")] if nommes and r.contre else []
        return [
            titre(f"Résolution {r.numero}. {r.titre}"),
            texte(r.expose),
            tableau(
                ("Vote", "Voix"),
                [["Pour", str(r.pour)], ["Contre", str(r.contre)], ["Abstention", str(r.abstention)]],
                (1,),
            ),
            texte(f"Majorité de l'article {r.majorite}. La résolution est {mot}."),
            *suite,
        ]


def _special(ged: Ged, charges: Charges) -> None:
    """A meeting to come, called a few days before the reference date, where works are planned."""
    copro, reference = charges.copro, charges.reference
    if not copro.profil.travaux:
        return
    jour, depart = reference + timedelta(days=24), reference - timedelta(days=3)
    identifiant = f"AG{copro.profil.code}-{jour:%Y%m}-E"
    ged.chantier.dossier.add(
        "assemblees",
        id=identifiant,
        copropriete_id=copro.id,
        type="extraordinaire",
        le=f"{jour.isoformat()}T18:00:00",
        lieu=LIEUX[0],
        statut="convoquee",
    )
    sujets = (
        (
            "Choix de l'entreprise",
            "Deux entreprises sont mises en concurrence ; leurs devis sont joints.",
            "25",
        ),
        (copro.profil.travaux, "Vote des travaux et de leur calendrier d'appels de fonds.", "25"),
        ("Honoraires du syndic sur travaux", "Taux proposé : 2,5 % hors taxes du montant des travaux.", "24"),
    )
    resolutions = [Resolution(str(n), t, e, m, "", 0, 0, 0) for n, (t, e, m) in enumerate(sujets, 1)]
    for r in resolutions:
        ged.chantier.dossier.add(
            "resolutions", assemblee_id=identifiant, numero=r.numero, titre=r.titre, majorite=r.majorite
        )
    ged.publish(
        f"CONV-{identifiant}",
        f"Convocation à l'assemblée générale extraordinaire du {short_date(jour)}",
        "convocation",
        depart,
        ("assemblee", identifiant),
        "coproprietaires",
        convocation_blocs(jour, LIEUX[0], resolutions),
        sous_titre=copro.profil.nom,
    )
