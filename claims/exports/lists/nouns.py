"""The lists of the API whose rows can be exported."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from claims.api.registry import NOUNS, Noun

EXPORTABLE: Mapping[str, Noun] = {noun.prefix: noun for noun in NOUNS if noun.viewset.exportable}
"""By their place in addresses."""
PAGES = {"claims": "id", "disputes": "slug"}
"""The nouns that have a page for people, and by which field its address is made."""
# Of two with the same model the first: a correction is a verdict.
_BY_MODEL: Mapping[type[Model], Noun] = {noun.model: noun for noun in reversed([*EXPORTABLE.values()])}


def get_noun(model: type[Model] | None) -> Noun | None:
    """The noun whose rows are of this model, or None where such rows cannot be exported."""
    return _BY_MODEL.get(model) if model is not None else None
