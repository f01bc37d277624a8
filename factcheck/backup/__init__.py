"""The whole register in one file, taken while it runs, and put back from it.

Not what `export_register` writes: that holds rows and makes them anew anywhere; this holds the database as it is, with
history, audit trail, accounts and tokens, and the kept copies of documents.
"""
