"""The whole register as a file: written, read without a database, and stored in an empty register."""
