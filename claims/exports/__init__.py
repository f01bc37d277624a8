"""Formats out: one dossier, one catalogue of formats, and a writer for each that never asks the database."""
