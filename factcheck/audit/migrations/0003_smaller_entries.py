"""Entries of the trail take half the room: their hashes are bytes, the hash of the entry before is read from that entry,
and what no question needs has no index. Every hash stays what it was."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from factcheck.audit.models.columns import HexField, NumberField
from factcheck.audit.models.entry import GENESIS

HASHES = ("salt", "digest", "hash")
NAME = "auditentry"
INDEXES_BEFORE, INDEXES_NOW = ("audit_entry_history",), ("audit_entry_action", "audit_entry_at")
PREVIOUS = f"coalesce(lag(hash) OVER (ORDER BY id), '{GENESIS}')"
_PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_auditentry'::regclass"
_UNIQUE = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u' AND conparentid = 0"
_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
WHERE indrelid = 'audit_auditentry'::regclass AND attname = 'hash'
"""


class Rebuild(migrations.SeparateDatabaseAndState):
    """Changes all columns at once: the table is written once."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        old, new = (state.apps.get_model(app_label, NAME) for state in (from_state, to_state))
        if schema_editor.connection.vendor == "sqlite":
            _rebuild(schema_editor, new, "bytes_of({})", {})
            return
        for table in ["audit_auditentry", *_found(schema_editor, _PARTS)]:
            for name in _found(schema_editor, _UNIQUE, table):
                schema_editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for index in _found(schema_editor, _INDEXES):
            schema_editor.execute(f"DROP INDEX {index}")
        retyped = [f"ALTER COLUMN {name} TYPE bytea USING decode({name}, 'hex')" for name in HASHES]
        schema_editor.execute(f"ALTER TABLE audit_auditentry {', '.join(retyped)}, DROP COLUMN previous_hash")
        _index(schema_editor, old, new, INDEXES_BEFORE, INDEXES_NOW)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        new, old = (state.apps.get_model(app_label, NAME) for state in (from_state, to_state))
        if schema_editor.connection.vendor == "sqlite":
            _rebuild(
                schema_editor,
                old,
                "lower(hex({}))",
                {"previous_hash": PREVIOUS.replace("(hash)", "(lower(hex(hash)))")},
            )
            return
        retyped = [
            f"ALTER COLUMN {name} TYPE varchar({old._meta.get_field(name).max_length}) USING encode({name}, 'hex')"
            for name in HASHES
        ]
        schema_editor.execute(
            f"ALTER TABLE audit_auditentry {', '.join(retyped)}, ADD COLUMN previous_hash varchar(64)"
        )
        schema_editor.execute(
            "UPDATE audit_auditentry entry SET previous_hash = found.previous FROM "  # noqa: S608 - our own words
            f"(SELECT id, {PREVIOUS} AS previous FROM audit_auditentry) found WHERE found.id = entry.id"
        )
        schema_editor.execute("ALTER TABLE audit_auditentry ALTER COLUMN previous_hash SET NOT NULL")
        for table in _found(schema_editor, _PARTS) or ["audit_auditentry"]:
            schema_editor.execute(f"ALTER TABLE {table} ADD UNIQUE (hash)")
        _index(schema_editor, new, old, INDEXES_NOW, INDEXES_BEFORE)


def _rebuild(schema_editor, model, spelled, more):
    """On SQLite: a table of this form with the rows of the one that there is, in the order of their numbers."""
    schema_editor.connection.connection.create_function("bytes_of", 1, bytes.fromhex, deterministic=True)
    columns = {field.column: field.column for field in model._meta.concrete_fields} | more
    columns |= {name: spelled.format(name) for name in HASHES}
    schema_editor.execute("ALTER TABLE audit_auditentry RENAME TO audit_auditentry_old")
    schema_editor.create_model(model)
    schema_editor.execute(
        f"INSERT INTO audit_auditentry ({', '.join(columns)}) "  # noqa: S608 - our own words
        f"SELECT {', '.join(columns.values())} FROM audit_auditentry_old ORDER BY id"
    )
    schema_editor.execute("DROP TABLE audit_auditentry_old")


def _index(schema_editor, before, after, gone, come):
    """On PostgreSQL: the indexes of the one form in the place of those of the other."""
    for name in ("at", "action"):
        schema_editor.alter_field(before, before._meta.get_field(name), after._meta.get_field(name))
    for name in gone:
        schema_editor.remove_index(before, _named(before, name))
    for name in come:
        schema_editor.add_index(after, _named(after, name))


def _named(model, name):
    return next(index for index in model._meta.indexes if index.name == name)


def _found(schema_editor, query, *values):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return [value for (value,) in cursor.fetchall()]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_webhooks_leave")]

    operations = [
        Rebuild(
            state_operations=[
                migrations.AlterField(
                    NAME,
                    "id",
                    NumberField(
                        help_text="The place in the chain: 1 for the first entry, without gaps.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                migrations.AlterField(NAME, "at", models.DateTimeField(help_text="When the change was recorded.")),
                migrations.AlterField(
                    NAME,
                    "action",
                    models.CharField(
                        help_text="What was done, dotted and in the past tense: verdict.published.", max_length=80
                    ),
                ),
                migrations.AlterField(
                    NAME,
                    "salt",
                    HexField(
                        blank=True, help_text="Random text that keeps the digest from being guessed; goes on erasure."
                    ),
                ),
                migrations.AlterField(
                    NAME,
                    "digest",
                    HexField(
                        help_text="SHA-256 over the salt, the historical row, label, reason, actor name and changes."
                    ),
                ),
                migrations.AlterField(
                    NAME, "hash", HexField(help_text="SHA-256 over this entry and the hash of the entry before it.")
                ),
                migrations.RemoveField(NAME, "previous_hash"),
                migrations.RemoveIndex(NAME, "audit_entry_history"),
                migrations.AddIndex(NAME, models.Index(fields=["action"], name="audit_entry_action")),
                migrations.AddIndex(NAME, BrinIndex(fields=["at"], name="audit_entry_at")),
            ]
        )
    ]
