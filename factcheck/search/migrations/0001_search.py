"""The folded texts, and the index of trigrams over them that each engine has of its own."""

from django.db import migrations, models
from django.db.utils import DatabaseError, NotSupportedError

ROOM = 2**56
NOUNS = range(1, 21)
"""An index for each noun on PostgreSQL, so that words of another noun do not slow a search; some are to spare."""
NO_TRIGRAMS = (
    "PostgreSQL refuses the extension pg_trgm, which finds words. Have an administrator run CREATE EXTENSION pg_trgm in "
    "this database (Debian has it in postgresql-contrib), then run migrate again"
)
SQLITE = (
    # Numbers alone, no positions: what is found is held against the text itself.
    """
    CREATE VIRTUAL TABLE search_trigrams USING fts5(
        text, content='search_searchtext', content_rowid='id', tokenize='trigram case_sensitive 1',
        detail=none, columnsize=0
    )
    """,
    """
    CREATE TRIGGER search_trigrams_insert AFTER INSERT ON search_searchtext BEGIN
        INSERT INTO search_trigrams(rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER search_trigrams_delete AFTER DELETE ON search_searchtext BEGIN
        INSERT INTO search_trigrams(search_trigrams, rowid, text) VALUES ('delete', old.id, old.text);
    END
    """,
    """
    CREATE TRIGGER search_trigrams_update AFTER UPDATE ON search_searchtext BEGIN
        INSERT INTO search_trigrams(search_trigrams, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO search_trigrams(rowid, text) VALUES (new.id, new.text);
    END
    """,
)


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
        return
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        raise NotSupportedError(f"{NO_TRIGRAMS} ({' '.join(str(error).split())}).") from error
    for noun in NOUNS:
        # A list of what is not sorted in yet makes writing cheap; every search reads it to its end, so it is short.
        schema_editor.execute(
            f"CREATE INDEX search_trigrams_{noun} ON search_searchtext USING gin (text gin_trgm_ops) "
            f"WITH (gin_pending_list_limit = 1024) WHERE id >= {noun * ROOM} AND id < {(noun + 1) * ROOM}"
        )


def drop_index(apps, schema_editor):
    # The rest goes with the table. The extension may be somebody else's as well.
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_trigrams")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        help_text="The number of the noun times 2 to the 56, plus the number of the row.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("text", models.TextField(help_text="The fields by which the row is found, folded, one on each line.")),
            ],
            options={"verbose_name": "searched text", "default_permissions": ()},
        ),
        migrations.RunPython(add_index, drop_index),
    ]
