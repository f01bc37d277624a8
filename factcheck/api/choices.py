"""A field with a list of choices."""

from __future__ import annotations

from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.exceptions import ValidationError


class NamedChoiceField(serializers.ChoiceField):
    """A choice whose problem names what there is to choose from, without what `Meta.not_offered` has of it: that
    stands on older rows alone."""

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        if key == "invalid_choice":
            meta = getattr(self.parent, "Meta", None)
            older = getattr(meta, "not_offered", {}).get(self.field_name, ())
            listed = ", ".join(str(name) for name in self.choices if name not in older)
            raise ValidationError(f"Choose one of: {listed}.", code=key)
        super().fail(key, **kwargs)
