"""The register of competing claims: wiring, and the ground floor of the project."""
