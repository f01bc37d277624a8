"""The rules of the register: each with an example that breaks it and one that does not."""
