"""What is proposed for the fields of a document that begins as an article, and where each of it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from factcheck.admin.forms import RecordedForm
from factcheck.base.folding import fold_for_search
from factcheck.base.people import Reader
from factcheck.base.text import validate_http_url, without_forbidden
from factcheck.base.typed import read_address
from factcheck.models.merged import standing_ones
from factcheck.search.near import find_near
from sources.logic.metadata import Proposal, fit
from sources.models import Source
from sources.services.outlet import outlet_at

SHARED = ("url", "title", "text", "outlet", "authors", "published", "language")
"""What the address of the page may fill in: the first three as the share menu of a phone names them."""
FIRST_LINE = 300
BY_BROWSER = "the page, as your browser sent it"


def shared_in(parameters: Mapping[str, str]) -> dict[str, str]:
    """What the address of the page names: text, whatever it is."""
    found = {name: without_forbidden(parameters.get(name, "")).strip() for name in SHARED}
    if not found["url"] and is_address(found["text"]):
        # The share menu of a phone often gives the address as the text.
        found["url"], found["text"] = found["text"], ""
    return {name: text for name, text in found.items() if text}


def by_browser(shared: Mapping[str, str]) -> dict[str, Proposal]:
    """What a browser told of the page from which it came."""
    found = {}
    for name, text in shared.items():
        if name not in {"url", "text"}:
            field = "published_on" if name == "published" else name
            found[field] = Proposal(fit(field, text) or " ".join(text.split())[:60], BY_BROWSER)
    return found


def of_first_line(text: str) -> dict[str, Proposal]:
    """The title of a pasted text, where its first line is short enough for one and more follows."""
    first, _end, more = text.strip().partition("\n")
    title = " ".join(without_forbidden(first).split())
    return {"title": Proposal(title, "the first line of the text")} if more and 0 < len(title) <= FIRST_LINE else {}


def of_publisher(proposals: Mapping[str, Proposal], url: str, user: Reader) -> dict[str, Proposal]:
    """The source that published the work: the one that the work names as its outlet, else the one whose site it is
    on."""
    said = proposals.get("outlet")
    if said is not None and said.declared and (source := _called(said.value, user)) is not None:
        return {"publisher": Proposal(str(source.pk), f": the source called “{said.value}”, from {said.origin}")}
    found = outlet_at(url, user)
    if found is None:
        return {}
    source, origin = found
    return {"publisher": Proposal(str(source.pk), f": the source “{source}”, {origin}")}


def values_of(proposals: Mapping[str, Proposal]) -> dict[str, str]:
    """What the form is filled in with: what the work says of itself, never what a program only guesses."""
    return {name: said.value for name, said in proposals.items() if said.declared and name != "outlet"}


def _called(name: str, user: Reader) -> Source | None:
    """The one source that is called so, by its name or another one."""
    rows, folded = Source.objects.visible_to(user), fold_for_search(name)
    found = standing_ones(find_near(rows, name, lambda row: [row.name, *row.aliases]), rows)
    called = [row for row in found if folded in map(fold_for_search, [row.name, *row.aliases])]
    return called[0] if len(called) == 1 else None


def note_on(form: RecordedForm, name: str, proposals: Mapping[str, Proposal], filled: Mapping[str, str]) -> str:
    """Where the value of a field comes from, as long as it is the one that was `filled` in from there; else what a
    program guesses for it."""
    said = proposals.get(name)
    if said is None and name == "publisher":
        said = proposals.get("outlet")
        said = None if said is None or said.declared else said
    if said is None:
        return ""
    if not said.declared:
        return f"A guess, from {said.origin}: {said.value}. Look, and type it if it is so."
    if str(form[name].value() or "") != filled.get(name):
        return ""
    return f"Proposed{said.origin}." if name == "publisher" else f"Proposed, from {said.origin}."


def is_address(text: str) -> bool:
    """Whether this is a web address, complete or without its scheme."""
    try:
        validate_http_url(read_address(text))
    except ValidationError:
        return False
    return True
