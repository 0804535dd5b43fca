"""Incidents and breaches (RGPD art. 33 and 34): seen, written down, measured in the journal, told."""
