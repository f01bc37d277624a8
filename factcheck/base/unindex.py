"""A step of a migration: columns by which no question looks up rows lose their index, and no table is written anew."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Index


class Unindex(Operation):
    """`Unindex({"historicalclaim": ["history_user"]})`: by model, the fields with an index of their own to lose."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self.fields = fields

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Each change of a rendered state would render the models around it anew: here once after all of them.
        rendered = state.__dict__.pop("apps", None)
        for model, names in self.fields.items():
            for name in names:
                field: Any = state.models[app_label, model].get_field(name).clone()
                field.db_index = False
                state.alter_field(app_label, model, name, field, preserve_default=True)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            state.reload_models([(app_label, model) for model in self.fields])

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        editor: Any = schema_editor
        for model, field in self._columns(app_label, from_state):
            named = [index.name for index in model._meta.indexes]
            for index in editor._constraint_names(
                model, [field.column], index=True, type_=Index.suffix, exclude=named, primary_key=False, unique=False
            ):
                editor.execute(editor._delete_index_sql(model, index))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        editor: Any = schema_editor
        for model, field in self._columns(app_label, to_state):
            for statement in editor._field_indexes_sql(model, field):
                editor.execute(statement)

    def _columns(self, app_label: str, indexed: ProjectState) -> list[tuple[Any, Any]]:
        models = [(indexed.apps.get_model(app_label, model), names) for model, names in self.fields.items()]
        return [(model, model._meta.get_field(name)) for model, names in models for name in names]

    def describe(self) -> str:
        return "Columns by which nobody looks up rows lose their index"
