"""Business checks: sums, dates, roles, audiences. They never correct: they say what does not agree."""

from palier.echanges.controles.differentiel import check_sums
from palier.echanges.etabli import Etabli
from palier.echanges.regles import quote
from palier.echanges.unites import PORTEES

#: Pairs of columns that bound a period.
PERIODES: dict[str, tuple[str, str]] = {
    "coproprietes": ("mandat_syndic_debut", "mandat_syndic_fin"),
    "comptes_tiers": ("debut", "fin"),
    "detentions": ("debut", "fin"),
    "conseil_syndical": ("debut", "fin"),
    "mandats": ("debut", "fin"),
    "mandats_lots": ("debut", "fin"),
    "baux": ("debut", "fin"),
    "exercices": ("debut", "fin"),
    "contrats": ("debut", "fin"),
    "echeances": ("periode_debut", "periode_fin"),
    "documents": ("publie_du", "publie_au"),
}
#: Who may read a document of each scope: never wider than the persons whom the scope concerns.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "copropriete": ("coproprietaires", "conseil_syndical", "interne"),
    "immeuble": ("coproprietaires", "conseil_syndical", "interne"),
    "assemblee": ("coproprietaires", "conseil_syndical", "interne"),
    "lot": ("compte", "interne"),
    "mandat": ("compte", "interne"),
    "bail": ("compte", "interne"),
    "compte": ("compte", "interne"),
}
#: The role that an account must have where it is named.
ROLES = (("detentions", "coproprietaire"), ("mandats", "bailleur"), ("baux", "locataire"))


def check_business(etabli: Etabli) -> None:
    """Run every business check that the tables of the dossier allow."""
    _check_periods(etabli)
    _check_accounts(etabli)
    _check_same_copropriete(etabli)
    if etabli.manifeste.is_delta:
        check_sums(etabli)
    else:
        _check_shares(etabli)
        _check_due_items(etabli)
        _check_balances(etabli)
    _check_shared_emails(etabli)
    _check_contracts(etabli)
    _check_documents(etabli)


def _check_periods(etabli: Etabli) -> None:
    for table, (start, end) in PERIODES.items():
        if etabli.has(table):
            etabli.report(
                table,
                "fin_avant_debut",
                f'SELECT _ligne, CAST("{end}" AS VARCHAR) AS valeur, CAST("{start}" AS VARCHAR) AS debut '
                f'FROM l_{table} WHERE "{end}" < "{start}"',
                end,
                ("debut",),
                kind="date",
            )


def _check_accounts(etabli: Etabli) -> None:
    if etabli.has("comptes"):
        etabli.report(
            "comptes",
            "copropriete_requise",
            "SELECT _ligne, NULL AS valeur FROM l_comptes w WHERE role = 'coproprietaire' AND copropriete_id IS NULL "
            f"AND {etabli.whole('comptes')}",
            "copropriete_id",
        )
    for table, role in ROLES:
        if etabli.has(table) and etabli.knows("comptes"):
            etabli.report(
                table,
                "role_incoherent",
                f"SELECT w._ligne, w.compte_id AS valeur, {quote(role)} AS attendu FROM l_{table} w "
                f"JOIN c_comptes c ON c.id = w.compte_id WHERE c.role <> {quote(role)} AND {etabli.whole(table)}",
                "compte_id",
                ("attendu",),
            )


def _check_same_copropriete(etabli: Etabli) -> None:
    """A lot is held, and shares a key, inside its own copropriété (a secondary syndicate counts as its principal)."""
    if not etabli.knows("lots"):
        return
    place = "SELECT id, min(coalesce(copropriete_id, i)) AS copropriete_id FROM ({}) GROUP BY id"
    inner = "SELECT l.id, l.copropriete_id, NULL AS i FROM c_lots l"
    if etabli.knows("immeubles"):
        inner = (
            "SELECT l.id, l.copropriete_id, b.copropriete_id AS i FROM c_lots l "
            "LEFT JOIN c_immeubles b ON b.id = l.immeuble_id"
        )
    lots = place.format(inner)
    related = "false"
    if etabli.knows("coproprietes"):
        related = (
            "EXISTS (SELECT 1 FROM c_coproprietes s WHERE (s.id = o.copropriete_id AND s.principale_id = "
            "p.copropriete_id) OR (s.id = p.copropriete_id AND s.principale_id = o.copropriete_id))"
        )
    for table, column, other in (("detentions", "compte_id", "comptes"), ("tantiemes", "cle_id", "cles")):
        if etabli.has(table) and etabli.knows(other):
            etabli.report(
                table,
                "copropriete_incoherente",
                f"SELECT w._ligne, w.lot_id AS valeur FROM l_{table} w JOIN ({lots}) p ON p.id = w.lot_id "
                f'JOIN c_{other} o ON o.id = w."{column}" WHERE p.copropriete_id <> o.copropriete_id '
                f"AND {etabli.whole(table)} AND NOT {related}",
                "lot_id",
            )


def _check_shares(etabli: Etabli) -> None:
    if etabli.has("cles", "tantiemes"):
        etabli.report(
            "cles",
            "total_tantiemes",
            "SELECT c._ligne, CAST(c.base AS VARCHAR) AS valeur, CAST(c.base AS VARCHAR) AS base, "
            "CAST(coalesce(s.somme, 0) AS VARCHAR) AS somme FROM l_cles c LEFT JOIN (SELECT cle_id, sum(valeur) AS "
            "somme FROM l_tantiemes GROUP BY cle_id) s ON s.cle_id = c.id WHERE c.base <> coalesce(s.somme, 0)",
            "base",
            ("somme", "base"),
            kind="number",
        )


def _check_due_items(etabli: Etabli) -> None:
    if etabli.has("echeances", "echeances_lignes"):
        etabli.report(
            "echeances",
            "total_echeance",
            "SELECT e._ligne, CAST(e.montant AS VARCHAR) AS valeur, CAST(e.montant AS VARCHAR) AS montant, "
            "CAST(s.somme AS VARCHAR) AS somme FROM l_echeances e JOIN (SELECT echeance_id, sum(montant) AS somme "
            "FROM l_echeances_lignes GROUP BY echeance_id) s ON s.echeance_id = e.id WHERE e.montant <> s.somme",
            "montant",
            ("somme", "montant"),
            kind="number",
        )


def _check_balances(etabli: Etabli) -> None:
    """The movements give the balance, those after its date counted or not (some exports stop at the date)."""
    if not etabli.has("comptes", "mouvements"):
        return
    partial = etabli.manifeste.historique == "partiel"
    etabli.con.execute(
        "CREATE OR REPLACE TEMP TABLE _soldes AS SELECT c._ligne, c.solde, s.compte_id IS NULL AS vide, "
        "coalesce(s.total, 0) AS total FROM l_comptes c LEFT JOIN (SELECT m.compte_id, sum(m.debit - m.credit) AS "
        "total, sum(m.debit - m.credit) FILTER (WHERE m.le <= coalesce(a.solde_le, DATE '9999-12-31')) AS "
        "arrete FROM l_mouvements m JOIN l_comptes a ON a.id = m.compte_id GROUP BY m.compte_id) s "
        "ON s.compte_id = c.id WHERE c.solde <> coalesce(s.total, 0) AND c.solde <> coalesce(s.arrete, 0)"
    )
    for code, condition in (("total_solde", "NOT vide"), ("total_solde_partiel", "vide")):
        if partial:
            code, condition = "total_solde_partiel", ("true" if code == "total_solde" else "false")
        etabli.report(
            "comptes",
            code,
            "SELECT _ligne, CAST(solde AS VARCHAR) AS valeur, CAST(solde AS VARCHAR) AS solde, "
            f"CAST(total AS VARCHAR) AS somme FROM _soldes WHERE {condition}",
            "solde",
            ("somme", "solde"),
            kind="number",
        )


def _check_shared_emails(etabli: Etabli) -> None:
    """One address for several persons who hold no account together."""
    if not etabli.has("tiers") or not etabli.knows("comptes_tiers"):
        return
    etabli.report(
        "tiers",
        "email_partage",
        "WITH partagees AS (SELECT lower(email) AS adresse, count(DISTINCT id) AS nombre FROM c_tiers "
        "WHERE email IS NOT NULL GROUP BY adresse HAVING nombre > 1), "
        "porteurs AS (SELECT t._ligne, t.id, p.adresse, p.nombre FROM c_tiers t JOIN partagees p "
        "ON p.adresse = lower(t.email)), "
        "lies AS (SELECT DISTINCT a.id FROM porteurs a JOIN porteurs b ON a.adresse = b.adresse AND a.id <> b.id "
        "JOIN c_comptes_tiers x ON x.tiers_id = a.id JOIN c_comptes_tiers y ON y.tiers_id = b.id "
        "AND y.compte_id = x.compte_id) "
        "SELECT _ligne, adresse AS valeur, nombre FROM porteurs WHERE _ligne IS NOT NULL AND id NOT IN (SELECT id FROM lies)",
        "email",
        ("nombre",),
    )


def _check_contracts(etabli: Etabli) -> None:
    if etabli.has("contrats"):
        etabli.report(
            "contrats",
            "contrat_sans_objet",
            "SELECT w._ligne, NULL AS valeur FROM l_contrats w WHERE w.copropriete_id IS NULL AND w.bail_id IS NULL "
            f"AND {etabli.whole('contrats')}",
            "copropriete_id",
        )


def _check_documents(etabli: Etabli) -> None:
    if not etabli.has("documents"):
        return
    allowed = " OR ".join(
        f"(w.portee = {quote(p)} AND w.audience IN ({', '.join(map(quote, a))}))"
        for p, a in AUDIENCES.items()
    )
    etabli.report(
        "documents",
        "audience_trop_large",
        f"SELECT w._ligne, w.audience AS valeur, w.audience, w.portee FROM l_documents w WHERE NOT ({allowed}) "
        f"AND w._f & {etabli.lues['documents'].masque_ligne} = 0",
        "audience",
        ("audience", "portee"),
    )
    etabli.report(
        "documents",
        "audience_sans_copropriete",
        "SELECT w._ligne, w.audience AS valeur, w.audience FROM w_documents w WHERE w.audience IN "
        "('coproprietaires', 'conseil_syndical') AND NOT starts_with(w._unite, 'copropriete:') "
        f"AND w._f & {etabli.lues['documents'].masque_ligne} = 0",
        "audience",
        ("audience",),
    )
    _check_lot_holders(etabli)
    for portee, cible in PORTEES.items():
        if not etabli.connus and (etabli.manifeste.is_delta or not etabli.has(cible)):
            continue
        own = f"SELECT id FROM l_{cible} WHERE id IS NOT NULL UNION ALL " if etabli.has(cible) else ""
        etabli.report(
            "documents",
            "portee_inconnue",
            f"SELECT w._ligne, w.portee_id AS valeur, {quote(cible)} AS cible FROM l_documents w "
            f"WHERE w.portee = {quote(portee)} AND {etabli.whole('documents')} AND w.portee_id NOT IN "
            f"({own}SELECT id FROM connus_valides WHERE nom = '{cible}')",
            "portee_id",
            ("cible",),
        )


def _check_lot_holders(etabli: Etabli) -> None:
    """A document of a lot goes to the account that holds the lot on its date: there must be one."""
    if etabli.manifeste.is_delta and not etabli.connus:
        return
    holds = "false"
    if etabli.knows("detentions"):
        day = f"coalesce(w.date_document, w.publie_du, DATE {quote(etabli.manifeste.arrete_au.isoformat())})"
        holds = (
            f"EXISTS (SELECT 1 FROM c_detentions d WHERE d.lot_id = w.portee_id AND {day} BETWEEN d.debut "
            "AND coalesce(d.fin, DATE '9999-12-31'))"
        )
    etabli.report(
        "documents",
        "lot_sans_titulaire",
        "SELECT w._ligne, w.portee_id AS valeur FROM l_documents w WHERE w.portee = 'lot' AND w.audience = 'compte' "
        f"AND w._f & {etabli.lues['documents'].masque_ligne} = 0 AND NOT {holds}",
        "portee_id",
    )
