"""Cells of the statement's CSV: those of the whole portal."""

from palier.core.cellules import cellule

__all__ = ["cellule"]
