"""Droits: derived from dated facts (titles on comptes, lots held, mandates, leases, council terms), never typed."""

from palier.acces.droits.calcul import Bilan, recompute, refresh_names

__all__ = ["Bilan", "recompute", "refresh_names"]
