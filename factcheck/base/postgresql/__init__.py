"""Django's PostgreSQL engine, which knows when the server is gone."""
