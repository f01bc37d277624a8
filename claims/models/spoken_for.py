"""For whom a statement speaks, as conditions for the database (docs/definitions.md, “Who says it”)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Manager, Q, QuerySet, When
from django.db.models.functions import Least, Length, Substr

from claims.choices import Stance

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


def taking_back(rows: Manager[Any], which: Q) -> QuerySet[Any]:
    """The retractions among these `rows` that stand, each beside every statement on its claim (`claim__attributions`)
    that it takes back, of those pairs that `which` names.

    It goes from the few retractions to what they take back, and asks not of each statement whether there is one.
    """
    backs = rows.filter(stance=Stance.RETRACTS, withdrawn_at=None)
    said_on = F(f"{_SAID}said_on")
    shared = Least(Length("said_on"), Length(said_on))
    # One join for all of it: it stands in the filter before it is spoken of again.
    pairs = backs.filter(which & SPEAKS_IN_BOTH)
    # A date is certainly earlier than another when it is so in the digits that both have.
    meant = pairs.annotate(back=Substr("said_on", 1, shared), said=Substr(said_on, 1, shared))
    return meant.filter(back__gte=F("said")).order_by()
