"""Keeps the state that is stored with each question true: reckoned anew, in the same transaction, when one of its
claims changes, or a verdict, a rating, evidence or a relation of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from claims.choices import ClaimStatus, Leaning, QuestionState, VerdictStatus, Visibility
from claims.models import Claim, ClaimRelation, Dispute, EvidenceLink, Question, Rating, StoredState, Verdict
from claims.rules.question_state import Finding, Side, is_full, question_state, required_confidence
from claims.rules.rivalry import Rivalry, rivalry_beyond
from claims.services.discount import follow_discounts
from factcheck.audit.context import recording
from factcheck.audit.followers import follow, follow_later, note_touched

BATCH = 50


def refresh_states(questions: Iterable[int], *, progress: Callable[[int], object] | None = None) -> int:
    """The stored state of the questions with these ids follows from what is published now; returns how many changed.

    `progress` is called with how many more are done. The number of queries depends on the number of batches, and on how
    long chains of refinements and repeats are.
    """
    changed = 0
    waiting = iter(questions)
    while batch := list(islice(waiting, BATCH)):
        with recording():
            changed += _refresh(batch)
        if progress is not None:
            progress(len(batch))
    return changed


def _refresh(questions: Collection[int]) -> int:
    found = {pk: _as_stored(finding, verdicts) for pk, (finding, verdicts) in find_states(questions).items()}
    there = StoredState.objects.in_bulk(found)
    new = [pk for pk in found if pk not in there]
    StoredState.objects.bulk_create([StoredState(question_id=pk, **found[pk][0]) for pk in new])
    stored = {
        pk: {name: getattr(row, name) for name in ("state", "finding", "settled_on")} for pk, row in there.items()
    }
    other = [pk for pk in there if stored[pk] != found[pk][0]]
    for pk in other:
        for name, value in found[pk][0].items():
            setattr(there[pk], name, value)
    StoredState.objects.bulk_update([there[pk] for pk in other], ["state", "finding", "settled_on"])
    note_touched(("question", pk) for pk in (*new, *other))
    return len(new) + len(other) + _set_verdicts({pk: {*verdicts} for pk, (_values, verdicts) in found.items()})


def _set_verdicts(wanted: dict[int, set[int]]) -> int:
    """Which verdicts settle each; returns of how many they changed."""
    through: Any = StoredState.settled_by.through
    there: dict[int, set[int]] = defaultdict(set)
    for state, verdict in through.objects.filter(storedstate__in=wanted).values_list("storedstate", "verdict"):
        there[state].add(verdict)
    differing = [pk for pk in wanted if wanted[pk] != there[pk]]
    if differing:
        note_touched(("question", pk) for pk in differing)
        through.objects.filter(storedstate__in=differing).delete()
        rows = [through(storedstate_id=pk, verdict_id=verdict) for pk in differing for verdict in sorted(wanted[pk])]
        through.objects.bulk_create(rows)
    return len(differing)


def differing_states(questions: Collection[int]) -> list[int]:
    """Those of these questions with another state stored than what is published comes to."""
    there = StoredState.objects.prefetch_related("settled_by").in_bulk(questions)
    return [pk for pk, found in find_states(questions).items() if pk not in there or _differs(there[pk], found)]


def _differs(stored: StoredState, found: tuple[Finding, dict[int, datetime]]) -> bool:
    columns, _settling = _as_stored(*found)
    settled_by = {verdict.pk for verdict in stored.settled_by.all()}
    return settled_by != {*found[1]} or any(getattr(stored, name) != value for name, value in columns.items())


def _as_stored(finding: Finding, verdicts: dict[int, datetime]) -> tuple[dict[str, Any], list[int]]:
    """The columns of the stored state, and the verdicts that settle it."""
    settled_on = settled_day(verdicts.values())
    return {"state": finding.state, "finding": finding.reason, "settled_on": settled_on}, [*verdicts]


def settled_day(published: Collection[datetime]) -> date | None:
    """The day on which the last of the verdicts that settle a question was published."""
    return timezone.localdate(max(published)) if published else None


def find_states(questions: Collection[int]) -> dict[int, tuple[Finding, dict[int, datetime]]]:
    """What each of these questions comes to now, with the verdicts that settle it and when they were published."""
    claims: dict[int, list[int]] = {pk: [] for pk in questions}
    published = Claim.objects.published().filter(question__in=claims).order_by("pk")
    closed: dict[int, int] = {}
    columns = ("pk", "question", "question__dispute", "question__dispute__visibility")
    for claim, question, dispute, visibility in published.values_list(*columns):
        claims[question].append(claim)
        if visibility != Visibility.PUBLIC:
            closed[question] = dispute
    ids = [claim for found in claims.values() for claim in found]
    decided: dict[int, Any] = {}
    bearings: dict[int, set[str]] = defaultdict(set)
    if ids:
        verdicts = Verdict.objects.current().filter(claim__in=published.values("pk")).select_related("rating")
        decided = {row.claim_id: row for row in verdicts}
        links = EvidenceLink.objects.counting().filter(claim__in=published.values("pk")).order_by()
        for claim, bearing in links.values_list("claim_id", "bearing"):
            bearings[claim].add(bearing)
    rivalries: dict[int | None, Rivalry] = {}
    refuted: dict[int | None, set[int]] = {}
    for place in {closed.get(pk) for pk in claims}:
        ids = [claim for pk, found in claims.items() if closed.get(pk) == place for claim in found]
        rivalries[place] = rivalry_beyond(ids, partial(binding, place))
        refuted[place] = find_refuted(rivalries[place].claims) if rivalries[place].claims else set()
    result = {}
    for pk, found in claims.items():
        place = closed.get(pk)
        rivalry, beyond = rivalries[place], refuted[place].difference(found)
        sides = [side_of(claim, decided.get(claim), bearings[claim]) for claim in found]
        finding = question_state(
            sides, rivalry.between, rivalry.akin, rivalry.follows, required_confidence(), refuted_beyond=beyond
        )
        settling = (*finding.supported, *finding.against) if finding.state == QuestionState.SETTLED else ()
        result[pk] = finding, {decided[claim].pk: decided[claim].published_at for claim in settling}
    return result


def find_refuted(claims: Iterable[int]) -> set[int]:
    """Those of these claims against which their current verdicts lean."""
    against = Verdict.objects.current().filter(claim__in=[*claims], rating__leaning=Leaning.REFUTED)
    return {*against.values_list("claim_id", flat=True)}


def binding(place: int | None, path: str) -> Q:
    """Which claims bear on the states by their relations: the published ones that everybody may read, and on questions
    of a closed dispute (`place`) its own. What some may not read would else be told to them by a state."""
    everybody = Q(**{f"{path}dispute": None}) | Q(**{f"{path}dispute__visibility": Visibility.PUBLIC})
    own = Q(**{f"{path}dispute": place}) if place is not None else Q()
    return Q(**{f"{path}status": ClaimStatus.PUBLISHED}) & (everybody | own)


def is_open(claim: Claim) -> bool:
    """Whether the dispute of the claim, which is joined to it, is one that everybody may read."""
    return claim.dispute is None or claim.dispute.visibility == Visibility.PUBLIC


def side_of(claim: int, verdict: Verdict | None, bearings: Iterable[str]) -> Side:
    """The claim with its current verdict and the bearings of the evidence that counts, as the rule takes it."""
    if verdict is None:
        return Side(claim, bearings=frozenset(bearings))
    rating = verdict.rating
    full = is_full(rating.leaning, rating.claimreview_value)
    return Side(claim, rating.leaning, full, verdict.confidence, frozenset(bearings))


# --- what changes a state ---


def follow_states() -> None:
    """Have every change that can bear on the state of a question followed by reckoning it anew."""
    # First, since a state rests on what counts: that a premise fell, or a piece derives from another, is told by it.
    follow_discounts(_of_claims)
    follow(Dispute, _disputes_changed)
    follow(Question, lambda rows: _of_questions({row.pk for row in rows}))
    follow(Claim, _claims_changed)
    follow(Verdict, _verdicts_changed)
    follow(EvidenceLink, _links_changed)
    follow(ClaimRelation, _relations_changed)
    follow(Rating, _ratings_changed)


def _claims_changed(rows: Sequence[Claim]) -> None:
    # What is still in preparation bears on no state.
    rows = [row for row in rows if {ClaimStatus.PUBLISHED, ClaimStatus.WITHDRAWN} & {*_versions(row, "status")}]
    _of_questions({pk for row in rows for pk in _versions(row, "question_id")})
    # Who repeats a claim has its rivals: those of the others may change with it.
    moved = [row.pk for row in rows if row._before is not None and _place(row._before) != _place(row)]
    if moved:
        _of_related(moved)


def _place(claim: Claim) -> tuple[int | None, int | None, str]:
    return claim.dispute_id, claim.question_id, claim.status


def _disputes_changed(rows: Sequence[Dispute]) -> None:
    # Whose claims tie those of others to each other depends on who may read them.
    moved = [row.pk for row in rows if row._before is not None and row._before.visibility != row.visibility]
    if moved:
        _of_related(Claim.objects.published().filter(dispute__in=moved).values_list("pk", flat=True))


def _verdicts_changed(rows: Sequence[Verdict]) -> None:
    claims = {row.claim_id for row in rows if VerdictStatus.PUBLISHED in _versions(row, "status")}
    if claims:
        # What follows from a claim may stand on another question, or on none.
        _of_related(claims)


def _relations_changed(rows: Sequence[ClaimRelation]) -> None:
    rows = [row for row in rows if not _is_of_drafts(row, "claim", "other")]
    ends = {end for row in rows for end in (row.claim_id, row.other_id)}
    published = {*Claim.objects.published().filter(pk__in=ends).values_list("pk", flat=True)} if ends else set()
    related = {end for row in rows if {row.claim_id, row.other_id} <= published for end in (row.claim_id, row.other_id)}
    if related:
        _of_related(related)


def _is_of_drafts(row: ClaimRelation | EvidenceLink, *names: str) -> bool:
    """Whether a new row certainly hangs on claims of which one is not published."""
    ends = [row.joined_row(name) for name in names] if row._before is None else []
    return any(end is not None and end.status != ClaimStatus.PUBLISHED for end in ends)


def _links_changed(rows: Sequence[EvidenceLink]) -> None:
    rows = [row for row in rows if not _is_of_drafts(row, "claim")]
    _of_claims({end for row in rows for end in _versions(row, "claim_id")})


def _ratings_changed(rows: Sequence[Rating]) -> None:
    changed = [row.pk for row in rows if row._before is not None]
    if changed:
        _of_claims(Verdict.objects.current().filter(rating__in=changed).values_list("claim_id", flat=True))


def _versions(row: Any, name: str) -> Iterator[Any]:
    """The value of a column now and before, where it has one."""
    yield from {getattr(version, name) for version in (row, row._before) if version is not None} - {None}


def _of_related(claims: Iterable[int]) -> None:
    """Bring up to date the questions of these claims, and of those whose rivals may change with them."""
    follow_later(_find_related, claims)


def _find_related(claims: Collection[int]) -> None:
    _of_claims({*claims} | rivalry_beyond(claims).claims)


def _of_claims(claims: Iterable[int]) -> None:
    follow_later(_find_questions, claims)


def _find_questions(claims: Collection[int]) -> None:
    rows = Claim.objects.published().filter(pk__in=[*claims], question__isnull=False)
    _of_questions({*rows.values_list("question_id", flat=True)})


def _of_questions(questions: Collection[int]) -> None:
    follow_later(_refresh_sorted, questions)


def _refresh_sorted(questions: Collection[int]) -> None:
    refresh_states(sorted(questions))
