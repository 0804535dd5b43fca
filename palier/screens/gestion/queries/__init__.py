"""Reads of the agency's desk: they cross rooms, so they live here.

Every statement names the agence of its actor; the row policies of PostgreSQL say it again (house.md, the floor).
"""
