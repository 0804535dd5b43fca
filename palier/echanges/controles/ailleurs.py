"""Units that another source of the agence holds already: two may not send the same one."""

from palier.echanges.etabli import Etabli


def check_other_sources(etabli: Etabli) -> None:
    """Report, and so hold, the units that another source sends."""
    if not etabli.connus or not etabli.number("SELECT count(*) FROM ailleurs"):
        return
    if etabli.has("coproprietes"):
        etabli.report(
            "coproprietes",
            "unite_deja_servie",
            "SELECT w._ligne, w.immatriculation_rnc AS valeur, any_value(a.source) AS source, "
            "w.immatriculation_rnc AS numero FROM l_coproprietes w JOIN ailleurs a ON a.genre = 'coproprietes' "
            "AND a.numero = w.immatriculation_rnc GROUP BY w._ligne, w.immatriculation_rnc",
            "immatriculation_rnc",
            ("source", "numero"),
        )
    if etabli.has("mandats") and etabli.knows("comptes"):
        etabli.report(
            "mandats",
            "unite_deja_servie",
            "SELECT w._ligne, w.numero AS valeur, any_value(a.source) AS source, w.numero FROM l_mandats w "
            "JOIN c_comptes c ON c.id = w.compte_id JOIN ailleurs a ON a.genre = 'mandats' AND a.numero = w.numero "
            "AND a.titulaire = lower(c.intitule) GROUP BY w._ligne, w.numero",
            "numero",
            ("source", "numero"),
        )
