"""Public pages, rendered on the server."""
