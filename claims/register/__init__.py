"""Formats in: parsers that know no database, and the loader that stores what they read."""
