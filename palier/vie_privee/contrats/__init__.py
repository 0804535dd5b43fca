"""The contracts of the agences: their term, their suspension, their end."""
