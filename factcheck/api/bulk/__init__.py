"""Requests about many rows that a worker does, piece by piece (`Prefer: respond-async`, RFC 7240)."""
