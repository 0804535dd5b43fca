"""The exploitant's support: no standing right; in an agence's space on its instruction, for a reason and a time (P11)."""
