"""How the REST doors read and answer, whatever the noun."""
