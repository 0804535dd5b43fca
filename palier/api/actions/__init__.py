"""Writes of the API's room."""
