"""How forms write and read what is not text, by language."""
