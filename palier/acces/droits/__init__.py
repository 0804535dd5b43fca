"""Droits: derived from dated facts (titles on comptes, lots held, mandates, leases, council terms), never typed."""

from palier.acces.droits.calcul import Bilan, recompute

__all__ = ["Bilan", "recompute"]
