"""Formats out: one dossier, one catalogue of formats, and a writer for each that never asks the database."""

SCHEMA_VERSION = 2
"""The version of the form of rows and reports; raised when a program that reads them would have to change."""
