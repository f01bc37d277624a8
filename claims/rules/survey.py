"""Runs the rules over what is stored: over everything, batch by batch, or over the claims that somebody looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from claims.choices import ClaimStatus
from claims.models import Attribution, Claim, ClaimRelation, Dispute, EvidenceLink, Inquiry, Premise, Question, Verdict
from claims.rules.answers import answers_overtaken
from claims.rules.cases import (
    ASKED,
    DATED,
    load_dated,
    load_decisions,
    load_identified,
    load_reworded,
    load_statements,
)
from claims.rules.catalogue import RULES
from claims.rules.decided import find_in_network
from claims.rules.decision import PUBLICATION_RULES
from claims.rules.ground_rows import find_ground
from claims.rules.identity import SOURCE_RULES
from claims.rules.network_rows import batches, load_network
from claims.rules.registry import Broken, Finding, Row, apply
from claims.rules.relations import NUMBER_RULES
from claims.rules.statement import DATE_RULES, DOCUMENT_RULES, STATEMENT_RULES, WORDING_RULES, Statement
from factcheck.base.fields import EdtfDateField
from factcheck.models.recorded import RecordedModel
from sources.models import Document, Source

AT_ONCE = 500
OUTDATED = " were entered before it got its present wording."


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are looked at batch by batch, and what is found in one batch of their ids."""

    rows: QuerySet
    find: Callable[[Collection[int]], Iterable[Finding]]

    def batches(self) -> Iterator[list[int]]:
        """The ids in order, by their own index: however many there are, a batch is all that is held."""
        last = 0
        while batch := list(self.rows.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
            yield batch
            last = batch[-1]


def parts() -> list[Part]:
    """All that there is to look at."""
    dated = (Part(_with_dates(model), partial(_dates, model)) for model in DATED)
    return [
        Part(Claim._base_manager.exclude(status=ClaimStatus.WITHDRAWN), _claims),
        Part(Claim.objects.published(), _decisions),
        Part(Dispute._base_manager.all(), find_numbers_apart),
        Part(Attribution.objects.standing().filter(ASKED), _statements),
        Part(Attribution.objects.standing().of_earlier_wording(), _reworded),
        *dated,
        Part(_with_ground(), _grounds),
        Part(_doubled_sources(), _identities),
        Part(Verdict.objects.stale(), partial(_work, "verdict_stale", Verdict, "The verdict on ", " is stale.")),
        Part(Question._base_manager.exclude(answer=""), _answers),
        Part(
            _outdated(),
            partial(_work, "judged_before_wording", Claim, "Evidence or relations of ", OUTDATED),
        ),
        Part(Inquiry.objects.overdue(), partial(_work, "inquiry_overdue", Inquiry, "An inquiry on ", " is overdue.")),
        Part(
            _broken_chains(), partial(_work, "chain_broken", Attribution, "On ", " a withdrawn statement is relayed.")
        ),
        Part(_bare_claims(), partial(_work, "no_evidence", Claim, "No evidence bears on ", ".")),
    ]


def count_rows() -> int:
    """How many rows there are to look at; what takes a look at every row to be counted is left out."""
    return sum(part.rows.count() for part in parts()[:4])


def survey(*, progress: Callable[[int], object] | None = None) -> Iterator[Finding]:
    """All that breaks a rule, in the whole register; `progress` is given how many rows more were looked at."""
    for number, part in enumerate(parts()):
        for batch in part.batches():
            yield from part.find(batch)
            if progress is not None and number < 4:
                progress(len(batch))


def find_about(claims: Collection[int]) -> list[Finding]:
    """What breaks a rule on these claims, or on what is said of them; a number of queries that depends on the length of
    chains alone."""
    about = {Row("claim", pk) for pk in claims}
    disputes = Claim._base_manager.filter(pk__in=claims).exclude(dispute=None).values_list("dispute_id", flat=True)
    said = list(Attribution.objects.standing().filter(ASKED, claim__in=claims).values_list("pk", flat=True))
    found = [
        *find_in_network(load_network(claims)),
        *_decisions(claims),
        *find_numbers_apart(set(disputes)),
        *find_ground(claims),
    ]
    own = [one for one in found if about.intersection(one.broken.rows)]
    reworded = load_reworded(Attribution.objects.filter(claim__in=claims))
    return [*own, *_statements(said), *_dates(Attribution, said), *_apply_wording(reworded)]


def _claims(pks: Collection[int]) -> Iterator[Finding]:
    """What the relations of these claims break; each place is found with the first of its claims alone."""
    own = set(pks)
    for finding in find_in_network(load_network(pks)):
        if min(finding.claims()) in own:
            yield finding


def _decisions(pks: Iterable[int]) -> Iterator[Finding]:
    for case in load_decisions(pks):
        yield from apply(PUBLICATION_RULES, case)


def _statements(pks: Iterable[int]) -> Iterator[Finding]:
    for case in load_statements(pks):
        yield from apply(STATEMENT_RULES, case)


def _reworded(pks: Collection[int]) -> Iterator[Finding]:
    return _apply_wording(load_reworded(Attribution.objects.filter(pk__in=pks)))


def _apply_wording(cases: Iterable[Statement]) -> Iterator[Finding]:
    for case in cases:
        yield from apply(WORDING_RULES, case)


def _with_ground() -> QuerySet:
    """The claims on which evidence stands as part of a set, or depends on another claim."""
    links = EvidenceLink.objects.standing().filter(claim=OuterRef("pk"))
    resting = Premise.objects.standing().filter(link__claim=OuterRef("pk"))
    return Claim._base_manager.filter(Exists(links.exclude(set_name="")) | Exists(resting))


def _grounds(pks: Collection[int]) -> Iterator[Finding]:
    """What their sets and premises break; a circle is found with the first of its claims alone."""
    for finding in find_ground(pks):
        if min(finding.claims()) == finding.claims()[0]:
            yield finding


def _dates(model: type[RecordedModel], pks: Iterable[int]) -> Iterator[Finding]:
    rules = DOCUMENT_RULES if model is Document else DATE_RULES
    for case in load_dated(model, pks):
        yield from apply(rules, case)


def _with_dates(model: type[RecordedModel]) -> QuerySet:
    rows: QuerySet = model._base_manager.all()
    bare = {name: "" if isinstance(model._meta.get_field(name), EdtfDateField) else None for name in DATED[model]}
    return rows.exclude(**bare)


def _doubled_sources() -> QuerySet:
    """The first source of each identifier that several have."""
    known = Source._base_manager.exclude(wikidata_id="").order_by()
    doubled = known.values("wikidata_id").annotate(count=Count("pk")).filter(count__gt=1)
    earlier = known.filter(wikidata_id=OuterRef("wikidata_id"), pk__lt=OuterRef("pk"))
    return known.filter(~Exists(earlier), wikidata_id__in=doubled.values("wikidata_id"))


def _identities(pks: Collection[int]) -> Iterator[Finding]:
    for case in load_identified(set(Source._base_manager.filter(pk__in=pks).values_list("wikidata_id", flat=True))):
        yield from apply(SOURCE_RULES, case)


def find_numbers_apart(disputes: Collection[int]) -> Iterator[Finding]:
    """What the rules on numbers find in each of these disputes."""
    members: dict[int, set[int]] = defaultdict(set)
    for batch in batches(disputes):
        rows = Claim._base_manager.filter(dispute__in=batch).exclude(status=ClaimStatus.WITHDRAWN)
        for dispute, claim in rows.exclude(quantity_unit="").order_by().values_list("dispute_id", "pk"):
            members[dispute].add(claim)
    several = {claim for claims in members.values() if len(claims) > 1 for claim in claims}
    if several:
        network = load_network(several)
        stands = {pk: stand for pk, stand in network.stands.items() if pk in several}
        yield from apply(NUMBER_RULES, replace(network, stands=stands))


def _answers(pks: Collection[int]) -> Iterator[Finding]:
    for broken in answers_overtaken(Question._base_manager.filter(pk__in=pks).order_by("pk")):
        yield Finding(RULES["answer_overtaken"], broken)


def _outdated() -> QuerySet:
    """The claims that were given other words than those which their evidence and relations were entered for."""
    before = OuterRef("reworded_at")
    links = EvidenceLink.objects.standing().filter(claim=OuterRef("pk"), updated_at__lt=before)
    ends = Q(claim=OuterRef("pk")) | Q(other=OuterRef("pk"))
    relations = ClaimRelation.objects.standing().filter(ends, updated_at__lt=before)
    reworded = Claim._base_manager.exclude(status=ClaimStatus.WITHDRAWN).filter(reworded_at__isnull=False)
    return reworded.filter(Exists(links) | Exists(relations))


def _broken_chains() -> QuerySet:
    return Attribution.objects.standing().filter(relayed_from__withdrawn_at__isnull=False)


def _bare_claims() -> QuerySet:
    links = EvidenceLink.objects.standing().filter(claim=OuterRef("pk"))
    return Claim._base_manager.exclude(status=ClaimStatus.WITHDRAWN).filter(~Exists(links))


def _work(code: str, model: type[RecordedModel], before: str, after: str, pks: Collection[int]) -> Iterator[Finding]:
    """One finding for each row that waits for the desk, on its claim."""
    column = "pk" if model is Claim else "claim_id"
    rule = RULES[code]
    for claim in model._base_manager.filter(pk__in=pks).order_by("pk").values_list(column, flat=True):
        row = Row("claim", claim)
        yield Finding(rule, Broken((row,), (before, row, after)))
