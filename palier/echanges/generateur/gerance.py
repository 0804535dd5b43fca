"""Rental management: dwellings, mandats and their bailleurs, leases and their tenants, past and present."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .copropriete import Copropriete
from .logements import Logement, Logements
from .parts import cents, euros, share_units
from .personnes import Annuaire
from .registre import Chantier, Compte, Echeance, Tiers, Titulaire
from .resume import Role
from .temps import Periode, add_months
from .vocabulaire import NOMS, SOCIETES

PLACES_BAILLEUR = ("bailleur", "deux_agences")
PLACES_LOCATAIRE = ("locataire", "coproprietaire_locataire")
COMPORTEMENTS = (
    ("prelevement",) * 40 + ("ponctuel",) * 40 + ("tardif",) * 11 + ("debiteur",) * 5 + ("crediteur",) * 4
)


@dataclass(slots=True)
class Mandat:
    """A management mandate with the bailleur's compte and its dwellings."""

    id: str
    numero: str
    compte: Compte
    logements: list[Logement]
    debut: date


@dataclass(slots=True)
class Bail:
    """A lease; `base` is the first rent without charges, in euros a month."""

    id: str
    numero: str
    mandat: Mandat
    compte: Compte
    logement: Logement
    type: str
    debut: date
    fin: date
    sortie: date | None
    base: Decimal
    provision: Decimal
    assurance_fin: date
    mois: list[tuple[Periode, Echeance, date | None]] = field(default_factory=list)

    def rent(self, jour: date) -> Decimal:
        """Monthly rent on a day: 2 % more at each anniversary."""
        ans = jour.year - self.debut.year - ((jour.month, jour.day) < (self.debut.month, self.debut.day))
        return euros(self.base * Decimal("1.02") ** max(ans, 0))


class Gerance:
    """Builds the rental side of one agency."""

    def __init__(self, chantier: Chantier, annuaire: Annuaire, copros: list[Copropriete]) -> None:
        self.chantier, self.annuaire, self.copros = chantier, annuaire, copros
        self.rng = chantier.random("gerance")
        self.reference = chantier.reference
        self.mandats: list[Mandat] = []
        self.baux: list[Bail] = []

    def build(self) -> None:
        """Dwellings, then mandats, then leases."""
        logements = Logements(self.chantier, self.copros)
        internes = logements.own()
        externes = logements.others(self.chantier.profil.baux - len(internes))
        self._mandats(internes, externes)
        self._baux()

    def _mandats(self, internes: list[Logement], externes: list[Logement]) -> None:
        par_compte: dict[str, list[Logement]] = {}
        for logement in internes:
            assert logement.copropriete is not None
            par_compte.setdefault(logement.copropriete.id, []).append(logement)
        for groupe in par_compte.values():
            assert groupe[0].copropriete is not None
            titulaires = [
                Titulaire(t.tiers, t.qualite, t.quote_part, None, None, t.acces)
                for t in groupe[0].copropriete.titulaires
            ]
            self._mandat(groupe, titulaires)
        roles = [r for r in self.chantier.profil.roles if r.capacite in PLACES_BAILLEUR]
        if self.copros:
            roles = [r for r in roles if r.capacite == "bailleur"]
        reste = max(self.chantier.profil.mandats - len(par_compte), 1)
        tailles = share_units(len(externes) - reste, [self.rng.randint(0, 5) + 1 for _ in range(reste)])
        debut = 0
        for rang, taille in enumerate(tailles):
            role = roles.pop(0) if roles else None
            groupe = externes[debut : debut + taille + 1]
            debut += taille + 1
            mandat = self._mandat(groupe, self._owners(rang, role))
            if role is not None:
                self.chantier.remember(role.capacite, mandat.compte.titulaire, mandat.compte)

    def _owners(self, rang: int, role: Role | None) -> list[Titulaire]:
        if role is not None:
            return [Titulaire(self.annuaire.role(role))]
        forme = (rang * 7) % 10
        nom = self.rng.choice(NOMS)
        if forme in (1, 2, 3):
            personne = self.annuaire.person(nom)
            conjoint = self.annuaire.person(nom, personne.adresse, femme=personne.civilite == "M.")
            return [
                Titulaire(personne, "titulaire", euros("0.50")),
                Titulaire(conjoint, "cotitulaire", euros("0.50")),
            ]
        if forme == 4:
            return [Titulaire(self.annuaire.person(nom), "indivisaire", cents(p)) for p in (40, 30, 30)]
        if forme == 5:
            societe = self.annuaire.company(f"{self.rng.choice(SOCIETES)} {rang}")
            gerant = self.annuaire.person()
            return [Titulaire(societe, quote_part=euros(1), acces=False), Titulaire(gerant, "representant")]
        return [Titulaire(self.annuaire.person(nom))]

    def _mandat(self, logements: list[Logement], titulaires: list[Titulaire]) -> Mandat:
        rang = len(self.mandats) + 1
        debut = date(self.rng.randint(2008, self.reference.year - 4), self.rng.randint(1, 12), 1)
        for titulaire in titulaires:
            titulaire.debut = debut
        compte = Compte(f"B{rang:04d}", "bailleur", f"P{rang:05d}", titulaires, "ponctuel")
        self.chantier.comptes[compte.id] = compte
        mandat = Mandat(f"M{rang:04d}", str(1000 + rang), compte, logements, debut)
        self.mandats.append(mandat)
        self.chantier.dossier.add(
            "mandats",
            id=mandat.id,
            numero=mandat.numero,
            compte_id=compte.id,
            gestionnaire_id=self.rng.choice(("G1", "G3")),
            debut=debut,
        )
        for logement in logements:
            self.chantier.dossier.add(
                "mandats_lots", mandat_id=mandat.id, lot_id=logement.lot_id, debut=debut
            )
        cle = self.chantier.cles.get("coproprietaire_bailleur")
        if cle is not None and cle[0] is titulaires[0].tiers:
            self.chantier.remember("coproprietaire_bailleur", cle[0], compte)
        return mandat

    def _baux(self) -> None:
        roles = {r.capacite: r for r in self.chantier.profil.roles}
        tous = [(m, logement) for m in self.mandats for logement in m.logements]
        vacants = {len(tous) - 1, len(tous) - 4} if len(tous) > 20 else set[int]()
        places = [c for c in PLACES_LOCATAIRE if c in roles]
        for rang, (mandat, logement) in enumerate(tous):
            depart: date | None = None
            if rang < self.chantier.profil.anciens_baux:
                capacite = "ancien_locataire" if rang == 0 else ""
                depart = self._former(mandat, logement, roles.get(capacite), rang)
            if rang in vacants:
                continue
            capacite = places.pop(0) if places and logement.copropriete is None else ""
            debut = add_months(self.reference, -self.rng.randint(3, 80)).replace(day=1)
            if depart is not None:
                debut = add_months(depart.replace(day=1), self.rng.randint(1, 2))
            elif capacite:
                debut = add_months(self.reference, -30).replace(day=1)
            self._bail(mandat, logement, debut, None, self._tenants(logement, roles.get(capacite)), capacite)

    def _former(self, mandat: Mandat, logement: Logement, role: Role | None, rang: int) -> date:
        mois = 7 if role is not None else self.rng.randint(3, 22)
        sortie = add_months(self.reference, -mois).replace(day=1) - timedelta(days=1)
        debut = add_months(sortie.replace(day=1), -self.rng.randint(18, 50))
        capacite = role.capacite if role is not None else ("debiteur" if rang == 2 else "ancien")
        self._bail(mandat, logement, debut, sortie, self._tenants(logement, role, parti=True), capacite)
        return sortie

    def _tenants(self, logement: Logement, role: Role | None, parti: bool = False) -> list[Titulaire]:
        adresse = None if parti else logement.adresse
        if role is not None:
            connu = self.chantier.cles.get(role.capacite)
            return [Titulaire(connu[0] if connu else self.annuaire.role(role, adresse))]
        nom = self.rng.choice(NOMS)
        personnes: list[Tiers] = [self.annuaire.person(nom, adresse)]
        titulaires = [Titulaire(personnes[0])]
        tirage = self.rng.random()
        if tirage < 0.28:
            titulaires.append(Titulaire(self.annuaire.person(None, adresse), "cotitulaire"))
        if tirage > 0.8:
            titulaires.append(Titulaire(self.annuaire.person(nom), "garant", acces=False))
        return titulaires

    def _bail(
        self,
        mandat: Mandat,
        logement: Logement,
        debut: date,
        sortie: date | None,
        titulaires: list[Titulaire],
        capacite: str,
    ) -> None:
        rang = len(self.baux) + 1
        meuble = self.rng.random() < 0.2
        comportement = self.rng.choice(COMPORTEMENTS) if not capacite else "ponctuel"
        for titulaire in titulaires:
            titulaire.debut, titulaire.fin = debut, sortie
        clos = sortie + timedelta(days=60) if sortie else None
        compte = Compte(
            f"LOC{rang:04d}",
            "locataire",
            f"L{rang:05d}",
            titulaires,
            comportement,
            clos_le=clos if clos and clos <= self.reference else None,
        )
        if capacite == "debiteur" or comportement == "debiteur":
            compte.comportement = "debiteur"
            compte.debiteur_depuis = add_months(sortie or self.reference, -self.rng.randint(2, 6))
        self.chantier.comptes[compte.id] = compte
        if capacite not in ("", "ancien", "debiteur"):
            self.chantier.remember(capacite, titulaires[0].tiers, compte)
        base = euros(int(logement.surface) * self.rng.randint(9, 13) + 90)
        fin = sortie or self._next_term(debut, 12 if meuble else 36)
        bail = Bail(
            f"BX{rang:04d}",
            str(rang),
            mandat,
            compte,
            logement,
            "habitation_meublee" if meuble else "habitation_nue",
            debut,
            fin,
            sortie,
            base,
            euros(int(logement.surface) // 2 + 15),
            add_months(self.reference, self.rng.randint(-1, 11)),
        )
        self.baux.append(bail)
        self._write(bail)

    def _next_term(self, debut: date, duree: int) -> date:
        terme = add_months(debut, duree)
        while terme <= self.reference:
            terme = add_months(terme, duree)
        return terme - timedelta(days=1)

    def _write(self, bail: Bail) -> None:
        jour = bail.sortie or self.reference
        trimestre = (bail.debut.month - 1) // 3 + 1
        self.chantier.dossier.add(
            "baux",
            id=bail.id,
            numero=bail.numero,
            mandat_id=bail.mandat.id,
            compte_id=bail.compte.id,
            type=bail.type,
            debut=bail.debut,
            fin=bail.fin,
            sortie_le=bail.sortie,
            loyer=bail.rent(jour),
            provision_charges=bail.provision,
            terme="echoir",
            depot_garantie=bail.base,
            indice="IRL",
            indice_trimestre=f"{bail.debut.year - 1}-T{trimestre}",
            revision_le=add_months(bail.debut, 12 * (jour.year - bail.debut.year)),
            assurance_fin=bail.assurance_fin,
        )
        self.chantier.dossier.add("baux_lots", bail_id=bail.id, lot_id=bail.logement.lot_id)
