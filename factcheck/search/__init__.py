"""Search by words: what is looked into, folded, in the database's own index."""
