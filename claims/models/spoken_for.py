"""For whom a statement speaks, as conditions for the database (docs/definitions.md, “Who says it”)."""

from __future__ import annotations

from django.db.models import Case, F, Q, When

TOLD_BODY = Case(When(source__withheld=False, on_behalf_of__withheld=False, then=F("on_behalf_of")))
"""For whom a statement was made, where that may be told: what falls with the retraction of a body would tell it."""

_SAID = "claim__attributions__"
_BODY_OF_RETRACTION = Q(source__withheld=False, on_behalf_of__withheld=False)
_BODY_OF_STATEMENT = Q(**{f"{_SAID}source__withheld": False, f"{_SAID}on_behalf_of__withheld": False})
SPEAKS_IN_BOTH = (
    Q(**{f"{_SAID}source": F("source")})
    | _BODY_OF_RETRACTION & Q(**{f"{_SAID}source": F("on_behalf_of")})
    | _BODY_OF_STATEMENT & Q(**{f"{_SAID}on_behalf_of": F("source")})
    | _BODY_OF_RETRACTION & _BODY_OF_STATEMENT & Q(**{f"{_SAID}on_behalf_of": F("on_behalf_of")})
)
"""That a retraction and another statement on its claim are of one source, or made for one body, where that is told."""
