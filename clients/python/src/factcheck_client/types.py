"""The rows of the register and what they are entered with. Made from the OpenAPI document by `make python-client`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

class Affiliation(TypedDict):
    "What a source was before: the body that it belonged to, and its name, from one date to another."
    id: int
    source: SourceReference
    name: str
    part_of: SourceReference | None
    since: str
    until: str
    note: str
    version: int
    created_at: str
    updated_at: str


class AffiliationChange(TypedDict):
    "What a source was before: the body that it belonged to, and its name, from one date to another."
    id: int
    version: NotRequired[int]
    source: NotRequired[IdOrName]
    name: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    since: NotRequired[str]
    until: NotRequired[str]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class AffiliationRequest(TypedDict):
    "What a source was before: the body that it belonged to, and its name, from one date to another."
    source: IdOrName
    name: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    since: NotRequired[str]
    until: NotRequired[str]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class AnswerRequest(TypedDict):
    text: str
    question_text: NotRequired[str]
    change_reason: NotRequired[str]


class Assessment(TypedDict):
    "One analyst's answer to: were this claim true, how consistent would this evidence be with it?"
    id: int
    evidence: EvidenceReference
    claim: ClaimReference
    analyst: Person | None
    rating: Consistency
    note: str
    version: int
    created_at: str
    updated_at: str


class AssessmentChange(TypedDict):
    "One analyst's answer to: were this claim true, how consistent would this evidence be with it?"
    id: int
    version: NotRequired[int]
    evidence: NotRequired[Id]
    claim: NotRequired[Id]
    rating: NotRequired[Consistency]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class AssessmentRequest(TypedDict):
    "One analyst's answer to: were this claim true, how consistent would this evidence be with it?"
    evidence: Id
    claim: Id
    rating: Consistency
    note: NotRequired[str]
    change_reason: NotRequired[str]


class Attribution(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    id: int
    claim: ClaimReference
    source: SourceReference
    stance: Stance
    said_on: str
    quote: str
    quote_language: str
    translation: str
    translator: str
    capacity: str
    on_behalf_of: PrincipalReference | None
    document: DocumentReference | None
    selector: Selector | None
    relayed_from: AttributionReference | None
    joint_with: AttributionReference | None
    anonymous: bool
    anonymous_reason: str
    quote_check: QuoteCheck | None
    earlier_wording: bool
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class AttributionChange(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    id: int
    version: NotRequired[int]
    claim: NotRequired[Id]
    source: NotRequired[IdOrName]
    stance: NotRequired[Stance]
    said_on: NotRequired[str]
    quote: NotRequired[str]
    quote_language: NotRequired[str]
    translation: NotRequired[str]
    translator: NotRequired[str]
    capacity: NotRequired[str]
    on_behalf_of: NotRequired[IdOrName | None]
    document: NotRequired[Id | None]
    selector: NotRequired[Selector | None]
    relayed_from: NotRequired[Id | None]
    joint_with: NotRequired[Id | None]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]
    change_reason: NotRequired[str]


class AttributionReference(TypedDict):
    "A attribution where another row refers to it."
    id: int
    label: str


class AttributionRequest(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    claim: Id
    source: IdOrName
    stance: Stance
    said_on: NotRequired[str]
    quote: NotRequired[str]
    quote_language: NotRequired[str]
    translation: NotRequired[str]
    translator: NotRequired[str]
    capacity: NotRequired[str]
    on_behalf_of: NotRequired[IdOrName | None]
    document: NotRequired[Id | None]
    selector: NotRequired[Selector | None]
    relayed_from: NotRequired[Id | None]
    joint_with: NotRequired[Id | None]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]
    change_reason: NotRequired[str]


class AuditEntry(TypedDict):
    "Who did what to what, when and why; `differences` holds the values before and after."
    id: int
    at: str
    action: str
    actor_name: str
    object_type: str
    object_id: str
    object_label: str
    dispute_id: int | None
    claim_id: int | None
    changes: dict[str, Any]
    differences: list[Change]
    reason: str
    request_id: str
    hash: str


class Balance(TypedDict):
    by: Literal['source', 'side', 'country']
    more: bool
    rows: list[BalanceRow]


class BalanceOutcome(TypedDict):
    claims: int
    supported: int
    refuted: int
    neither: int
    undecided: int
    ratings: list[BalanceRating]


class BalanceRating(TypedDict):
    code: str
    label: str
    leaning: Leaning
    claims: int


class BalanceRow(TypedDict):
    id: int | None
    label: str
    slug: str
    country: str
    withheld: bool
    claims: int
    statements: BalanceStatements
    asserted: BalanceOutcome
    denied: BalanceOutcome


class BalanceStatements(TypedDict):
    "One number for each verb."
    asserts: int
    alleges: int
    suggests: int
    denies: int
    disputes: int
    questions: int
    declines: int
    disclaims: int
    opines: int
    jokes: int
    relays: int
    retracts: int
    hedges: int


Bearing: TypeAlias = "Literal['supports', 'refutes', 'context']"


class BulkJob(TypedDict):
    "A request about many rows that a worker does."
    id: int
    status: BulkStatus
    method: str
    path: str
    rows: int
    stored: int
    refused: int
    requested_at: str
    finished_at: str | None
    problem: str
    results: str


BulkStatus: TypeAlias = "Literal['queued', 'running', 'done', 'failed', 'cancelled']"


CallStatus: TypeAlias = "Literal['waiting', 'delivered', 'failed', 'given_up']"


class CalledClaim(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    ref: NotRequired[str]
    dispute: NotRequired[IdOrNameOrRef | None]
    question: NotRequired[IdOrRef | None]
    text: NotRequired[str]
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: str | None
    sources: NotRequired[list[NestedSourceRequest]]
    documents: NotRequired[list[NestedDocumentRequest]]
    attributions: NotRequired[list[NestedAttributionRequest]]
    evidence: NotRequired[list[ClaimEvidenceLinkRequest]]
    relations: NotRequired[list[ClaimSideRelationRequest]]


class CalledClaimAmongMany(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    version: NotRequired[int]
    ref: NotRequired[str]
    dispute: NotRequired[IdOrNameOrRef | None]
    question: NotRequired[IdOrRef | None]
    text: NotRequired[str]
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: str | None
    sources: NotRequired[list[NestedSourceRequest]]
    documents: NotRequired[list[NestedDocumentRequest]]
    attributions: NotRequired[list[NestedAttributionRequest]]
    evidence: NotRequired[list[ClaimEvidenceLinkRequest]]
    relations: NotRequired[list[ClaimSideRelationRequest]]


class Caution(TypedDict):
    "What a reader has to know of a quote."
    code: Literal['insertion', 'long', 'negation', 'negation_beside', 'negation_unknown', 'speaker', 'symbol']
    found: str


class Change(TypedDict):
    field: str
    before: dict[str, Any]
    after: dict[str, Any]


class Claim(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    id: int
    dispute: DisputeReference | None
    question: QuestionReference | None
    text: str
    context: str
    language: str
    tags: list[str]
    quantity_min: str | None
    quantity_max: str | None
    quantity_unit: str
    check_reason: str
    external_id: str | None
    status: ClaimStatus
    first_published_at: str | None
    reworded_at: str | None
    withdrawn_reason: str
    merged_into: ClaimReference | None
    attributions: list[ClaimAttribution]
    evidence: list[ClaimEvidence]
    relations: list[Relation]
    verdict: ClaimVerdict | None
    reviews: list[ClaimReview]
    inquiries: list[ClaimInquiry]
    origins: ClaimOrigins
    contradicted_by: list[ContradictedBy]
    taken_back: list[TakenBack]
    stale: list[StaleReason]
    version: int
    created_at: str
    updated_at: str


class ClaimAttribution(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    id: int
    source: SourceReference
    stance: Stance
    said_on: str
    quote: str
    quote_language: str
    translation: str
    translator: str
    capacity: str
    on_behalf_of: PrincipalReference | None
    document: DocumentReference | None
    selector: Selector | None
    relayed_from: AttributionReference | None
    joint_with: AttributionReference | None
    anonymous: bool
    anonymous_reason: str
    quote_check: QuoteCheck | None
    earlier_wording: bool
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class ClaimChange(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    id: int
    version: NotRequired[int]
    dispute: NotRequired[IdOrName | None]
    question: NotRequired[Id | None]
    text: NotRequired[str]
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: NotRequired[str | None]
    change_reason: NotRequired[str]


class ClaimEvidence(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    id: int
    evidence: LinkedEvidence
    bearing: Bearing
    strength: Strength
    note: str
    own_assertion: bool
    set_name: str
    discounted: DiscountOrEmpty
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class ClaimEvidenceLinkRequest(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    ref: NotRequired[str]
    evidence: IdOrRefOrNew
    bearing: Bearing
    strength: NotRequired[Strength]
    note: NotRequired[str]
    own_assertion: NotRequired[bool]
    set_name: NotRequired[str]
    premises: NotRequired[list[NestedPremiseRequest]]


class ClaimInquiry(TypedDict):
    "One question put to one source about a claim, with its answer or its silence."
    id: int
    source: SourceReference
    asked_on: str
    due_on: str | None
    channel: str
    question: str
    outcome: Outcome
    answer: str
    answered_on: str | None
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class ClaimOrigins(TypedDict):
    voices: ClaimOriginsVoices
    evidence: ClaimOriginsEvidence


class ClaimOriginsEvidence(TypedDict):
    supports: CountOfEvidence
    refutes: CountOfEvidence
    context: CountOfEvidence
    together: CountOfEvidence


ClaimOriginsVoices = TypedDict('ClaimOriginsVoices', {
    'for': "CountOfVoices",
    'against': "CountOfVoices",
    'neither': "CountOfVoices",
    'together': "CountOfVoices",
})


class ClaimReference(TypedDict):
    "A claim where another row refers to it."
    id: int
    label: str


class ClaimRequest(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    dispute: NotRequired[IdOrName | None]
    question: NotRequired[Id | None]
    text: str
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: NotRequired[str | None]
    change_reason: NotRequired[str]


class ClaimReview(TypedDict):
    "A fact-check of the claim by another publisher; never our own verdict."
    id: int
    publisher: SourceReference
    url: str
    title: str
    rating_text: str
    rating_value: str | None
    rating_best: str | None
    rating_worst: str | None
    rating: RatingReference | None
    reviewed_on: str
    language: str
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class ClaimSideRelationRequest(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    ref: NotRequired[str]
    claim: NotRequired[IdOrRef]
    other: NotRequired[IdOrRef]
    kind: RelationKind
    point: NotRequired[ConflictPointOrEmpty]
    note: NotRequired[str]


ClaimStatus: TypeAlias = "Literal['draft', 'in_review', 'published', 'withdrawn']"


class ClaimVerdict(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    id: int
    rating: RatingReference
    summary: str
    rationale: str
    likelihood: LikelihoodOrEmpty
    confidence: ConfidenceOrEmpty
    claim_text: str
    review_by: str | None
    status: VerdictStatus
    author: Person | None
    reviewer: Person | None
    review_note: str
    submitted_at: str | None
    published_at: str | None
    supersedes: VerdictReference | None
    correction_reason: str
    correction_severity: SeverityOrEmpty
    confirmations: list[VerdictConfirmation]
    version: int
    created_at: str
    updated_at: str


class Concern(TypedDict):
    code: str
    words: str
    remedy: str
    claims: list[int]
    evidence: list[int]
    level: RuleLevel
    excepted: bool


ConfidenceOrEmpty: TypeAlias = "Literal['low', 'moderate', 'high', '']"


class Confirmation(TypedDict):
    "One reviewer's statement that a published verdict still holds, with the reason; it never changes."
    id: int
    verdict: VerdictReference
    reviewer: Person | None
    reason: str
    version: int
    created_at: str
    updated_at: str


ConflictPointOrEmpty: TypeAlias = "Literal['cause', 'number', 'agent', 'time', 'place', 'legality', 'motive', '']"


Consistency: TypeAlias = "Literal['VI', 'I', 'N', 'C', 'VC', 'NA']"


ConsistencyOrEmpty: TypeAlias = "Literal['VI', 'I', 'N', 'C', 'VC', 'NA', '']"


class ContradictedBy(TypedDict):
    attribution: int
    source: SourceReference
    stance: Stance
    said_on: str
    claim: ClaimReference | None
    body: SourceReference | None
    remarks: list[str]
    words: str
    earlier_wording: bool


class CorrectedClaim(TypedDict):
    "The claim that was decided again."
    id: int
    text: str
    language: str


class CorrectionRequest(TypedDict):
    "What the correction changes; what is left out is taken over from the published verdict."
    reason: str
    severity: Severity
    rating: NotRequired[IdOrName]
    summary: NotRequired[str]
    rationale: NotRequired[str]
    likelihood: NotRequired[LikelihoodOrEmpty]
    confidence: NotRequired[ConfidenceOrEmpty]
    claim_text: NotRequired[str]
    review_by: NotRequired[str | None]
    change_reason: NotRequired[str]


class CountOfEvidence(TypedDict):
    total: int
    origins: int
    words: str


class CountOfVoices(TypedDict):
    total: int
    sources: int
    origins: int
    relaying: int
    words: str


Credibility: TypeAlias = "Literal[1, 2, 3, 4, 5, 6]"


class Decision(TypedDict):
    "What a verdict said."
    id: int
    rating: RatingReference
    summary: str
    rationale: str
    likelihood: LikelihoodOrEmpty
    confidence: ConfidenceOrEmpty
    claim_text: str
    author: Person | None
    reviewer: Person | None
    published_at: str | None


class Departure(TypedDict):
    kind: Literal['contradicts', 'shifts', 'revises']
    refers_to: int
    departs: bool
    words: str


class Diff(TypedDict):
    "What was added, changed and removed between two moments."
    earlier: str
    later: str
    changes: list[RowChange]


DiscountOrEmpty: TypeAlias = "Literal['own_assertion', 'repeats_own', 'undercut', 'repeats_undercut', 'broken_set', '']"


class Dispute(TypedDict):
    "Contested questions and the claims that compete on them."
    id: int
    title: str
    slug: str
    question: str
    summary: str
    occurred_on: str
    place: str
    visibility: Visibility
    members: list[str]
    team: str
    state: QuestionState
    state_sentence: str
    questions: list[DisputeQuestion]
    origins: DisputeOrigins
    claims: list[DisputeClaim]
    version: int
    created_at: str
    updated_at: str


class DisputeChange(TypedDict):
    "Contested questions and the claims that compete on them."
    id: int
    version: NotRequired[int]
    title: NotRequired[str]
    slug: NotRequired[str]
    question: NotRequired[str]
    summary: NotRequired[str]
    occurred_on: NotRequired[str]
    place: NotRequired[str]
    visibility: NotRequired[Visibility]
    members: NotRequired[list[str]]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


class DisputeClaim(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    id: int
    question: QuestionReference | None
    text: str
    context: str
    language: str
    tags: list[str]
    quantity_min: str | None
    quantity_max: str | None
    quantity_unit: str
    check_reason: str
    external_id: str | None
    status: ClaimStatus
    first_published_at: str | None
    reworded_at: str | None
    withdrawn_reason: str
    merged_into: ClaimReference | None
    attributions: list[ClaimAttribution]
    evidence: list[ClaimEvidence]
    relations: list[Relation]
    verdict: ClaimVerdict | None
    reviews: list[ClaimReview]
    inquiries: list[ClaimInquiry]
    origins: ClaimOrigins
    contradicted_by: list[ContradictedBy]
    taken_back: list[TakenBack]
    stale: list[StaleReason]
    version: int
    created_at: str
    updated_at: str


class DisputeConcerns(TypedDict):
    "What is amiss with a dispute as it is entered."
    concerns: list[Concern]


class DisputeOrigins(TypedDict):
    voices: DisputeOriginsVoices
    evidence: DisputeOriginsEvidence


class DisputeOriginsEvidence(TypedDict):
    together: CountOfEvidence


class DisputeOriginsVoices(TypedDict):
    together: CountOfVoices


class DisputeQuestion(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    id: int
    order: int
    text: str
    exclusive: bool
    exhaustive: bool
    state: str
    sentence: str
    overtaken_on: str | None
    matrix: str
    answer: str
    answer_author: Person | None
    answer_reviewer: Person | None
    answer_published_at: str | None
    answer_draft: str
    answer_draft_author: Person | None
    text_draft: str
    reworded_at: str | None
    version: int
    created_at: str
    updated_at: str


class DisputeReference(TypedDict):
    "A dispute where another row refers to it."
    id: int
    label: str
    slug: str


class DisputeRequest(TypedDict):
    "Contested questions and the claims that compete on them."
    title: str
    slug: NotRequired[str]
    question: str
    summary: NotRequired[str]
    occurred_on: NotRequired[str]
    place: NotRequired[str]
    visibility: NotRequired[Visibility]
    members: NotRequired[list[str]]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


class Document(TypedDict):
    "One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."
    id: int
    kind: DocumentKind
    title: str
    url: str
    publisher: SourceReference | None
    authors: str
    published_on: str
    language: str
    text: str
    retracted_on: str
    merged_into: DocumentReference | None
    version: int
    created_at: str
    updated_at: str


class DocumentChange(TypedDict):
    "One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."
    id: int
    version: NotRequired[int]
    kind: NotRequired[DocumentKind]
    title: NotRequired[str]
    url: NotRequired[str]
    publisher: NotRequired[IdOrName | None]
    authors: NotRequired[str]
    published_on: NotRequired[str]
    language: NotRequired[str]
    text: NotRequired[str]
    retracted_on: NotRequired[str]
    change_reason: NotRequired[str]


DocumentKind: TypeAlias = "Literal['article', 'statement', 'autopsy', 'court_record', 'video', 'image', 'post', 'dataset', 'report', 'other']"


class DocumentReference(TypedDict):
    "A document where another row refers to it."
    id: int
    label: str
    url: str


class DocumentRequest(TypedDict):
    "One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."
    kind: DocumentKind
    title: str
    url: NotRequired[str]
    publisher: NotRequired[IdOrName | None]
    authors: NotRequired[str]
    published_on: NotRequired[str]
    language: NotRequired[str]
    text: NotRequired[str]
    retracted_on: NotRequired[str]
    change_reason: NotRequired[str]


class Evidence(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    id: int
    kind: EvidenceKind
    title: str
    description: str
    observed_on: str
    credibility: Credibility
    derived_from: EvidenceReference | None
    independent_because: str
    dispute: DisputeReference | None
    documents: list[DocumentReference]
    version: int
    created_at: str
    updated_at: str


class EvidenceChange(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    id: int
    version: NotRequired[int]
    kind: NotRequired[EvidenceKind]
    title: NotRequired[str]
    description: NotRequired[str]
    observed_on: NotRequired[str]
    credibility: NotRequired[Credibility]
    derived_from: NotRequired[Id | None]
    independent_because: NotRequired[str]
    dispute: NotRequired[IdOrName | None]
    documents: NotRequired[list[Id]]
    change_reason: NotRequired[str]


EvidenceKind: TypeAlias = "Literal['official_record', 'forensic', 'document', 'testimony', 'imagery', 'physical', 'data', 'expert', 'absent']"


class EvidenceLink(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    id: int
    evidence: EvidenceReference
    claim: ClaimReference
    bearing: Bearing
    strength: Strength
    note: str
    own_assertion: bool
    set_name: str
    discounted: DiscountOrEmpty
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class EvidenceLinkChange(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    id: int
    version: NotRequired[int]
    evidence: NotRequired[Id]
    claim: NotRequired[Id]
    bearing: NotRequired[Bearing]
    strength: NotRequired[Strength]
    note: NotRequired[str]
    own_assertion: NotRequired[bool]
    set_name: NotRequired[str]
    change_reason: NotRequired[str]


class EvidenceLinkReference(TypedDict):
    "A evidence link where another row refers to it."
    id: int
    label: str


class EvidenceLinkRequest(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    evidence: Id
    claim: Id
    bearing: Bearing
    strength: NotRequired[Strength]
    note: NotRequired[str]
    own_assertion: NotRequired[bool]
    set_name: NotRequired[str]
    change_reason: NotRequired[str]


class EvidenceReference(TypedDict):
    "A evidence where another row refers to it."
    id: int
    label: str


class EvidenceRequest(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    kind: EvidenceKind
    title: str
    description: NotRequired[str]
    observed_on: NotRequired[str]
    credibility: NotRequired[Credibility]
    derived_from: NotRequired[Id | None]
    independent_because: NotRequired[str]
    dispute: NotRequired[IdOrName | None]
    documents: NotRequired[list[Id]]
    change_reason: NotRequired[str]


class Export(TypedDict):
    "One thing taken out of the register: by whom, when, from which query, and the fingerprint of what came out."
    id: int
    kind: ExportKind
    query: str
    format: str
    status: ExportStatus
    made_by: Person | None
    maker: str
    desk: bool
    as_of: str | None
    since: str | None
    requested_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
    done: int
    total: int | None
    rows: int | None
    size: int | None
    digest: str
    schema_version: int
    content_version: str
    head_entry: int
    head_hash: str
    file_name: str
    link: str
    lacks: str
    problem: str


ExportKind: TypeAlias = "Literal['report', 'list', 'bundle', 'register']"


class ExportRequestRequest(TypedDict):
    "What is to be exported."
    kind: Literal['report', 'list', 'bundle']
    query: str
    format: Literal['bibtex', 'claimreview', 'csl', 'csv', 'docx', 'html', 'json', 'jsonld', 'markdown', 'ndjson', 'package', 'pdf', 'xlsx', 'zip']
    as_of: NotRequired[str | None]
    since: NotRequired[str | None]
    desk: NotRequired[bool]


ExportStatus: TypeAlias = "Literal['queued', 'running', 'done', 'failed', 'cancelled', 'deleted']"


class FetchRequest(TypedDict):
    "What is to be fetched."
    document: Id
    url: NotRequired[str]
    change_reason: NotRequired[str]


class Found(TypedDict):
    noun: Literal['sources', 'documents', 'disputes', 'questions', 'claims', 'attributions', 'evidence', 'verdicts', 'reviews']
    id: int
    label: str
    address: str
    score: int
    matches: list[Match]


Id: TypeAlias = "int | RowById"


IdOrName: TypeAlias = "int | str | RowById"


IdOrNameOrRef: TypeAlias = "int | str | RowById | RowByRef"


IdOrRef: TypeAlias = "int | RowById | RowByRef"


IdOrRefOrNew: TypeAlias = "IdOrRef | NewEvidenceRequest"


class ImportBatch(TypedDict):
    "One set of rows brought in at once: from which file or address, by whom, with what outcome."
    id: int
    origin: str
    digest: str
    format: str
    counts: dict[str, Any]
    problems: dict[str, Any]
    imported_by: Person | None
    version: int
    created_at: str
    updated_at: str


class Inquiry(TypedDict):
    "One question put to one source about a claim, with its answer or its silence."
    id: int
    claim: ClaimReference
    source: SourceReference
    asked_on: str
    due_on: str | None
    channel: str
    question: str
    outcome: Outcome
    answer: str
    answered_on: str | None
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class InquiryChange(TypedDict):
    "One question put to one source about a claim, with its answer or its silence."
    id: int
    version: NotRequired[int]
    claim: NotRequired[Id]
    source: NotRequired[IdOrName]
    asked_on: NotRequired[str]
    due_on: NotRequired[str | None]
    channel: NotRequired[str]
    question: NotRequired[str]
    outcome: NotRequired[Outcome]
    answer: NotRequired[str]
    answered_on: NotRequired[str | None]
    change_reason: NotRequired[str]


class InquiryRequest(TypedDict):
    "One question put to one source about a claim, with its answer or its silence."
    claim: Id
    source: IdOrName
    asked_on: str
    due_on: NotRequired[str | None]
    channel: NotRequired[str]
    question: str
    outcome: NotRequired[Outcome]
    answer: NotRequired[str]
    answered_on: NotRequired[str | None]
    change_reason: NotRequired[str]


Leaning: TypeAlias = "Literal['supported', 'refuted', 'neither']"


LikelihoodOrEmpty: TypeAlias = "Literal['almost_no_chance', 'very_unlikely', 'unlikely', 'roughly_even', 'likely', 'very_likely', 'almost_certain', '']"


class LinkedEvidence(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    id: int
    kind: EvidenceKind
    title: str
    description: str
    observed_on: str
    credibility: Credibility
    derived_from: EvidenceReference | None
    independent_because: str
    documents: list[DocumentReference]
    version: int
    created_at: str
    updated_at: str


class ListedClaim(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    id: int
    dispute: DisputeReference | None
    question: QuestionReference | None
    text: str
    context: str
    language: str
    tags: list[str]
    quantity_min: str | None
    quantity_max: str | None
    quantity_unit: str
    check_reason: str
    external_id: str | None
    status: ClaimStatus
    first_published_at: str | None
    reworded_at: str | None
    withdrawn_reason: str
    merged_into: ClaimReference | None
    attributions: NotRequired[list[ClaimAttribution]]
    evidence: NotRequired[list[ClaimEvidence]]
    relations: NotRequired[list[Relation]]
    verdict: NotRequired[ClaimVerdict | None]
    reviews: NotRequired[list[ClaimReview]]
    inquiries: NotRequired[list[ClaimInquiry]]
    origins: NotRequired[ClaimOrigins]
    contradicted_by: NotRequired[list[ContradictedBy]]
    taken_back: NotRequired[list[TakenBack]]
    stale: NotRequired[list[StaleReason]]
    version: int
    created_at: str
    updated_at: str


class ListedDispute(TypedDict):
    "Contested questions and the claims that compete on them."
    id: int
    title: str
    slug: str
    question: str
    summary: str
    occurred_on: str
    place: str
    visibility: Visibility
    members: list[str]
    team: str
    state: QuestionState
    state_sentence: str
    questions: list[DisputeQuestion]
    origins: NotRequired[DisputeOrigins]
    claims: NotRequired[list[DisputeClaim]]
    version: int
    created_at: str
    updated_at: str


class ListedVerdict(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    id: int
    claim: ClaimReference
    rating: RatingReference
    summary: str
    rationale: str
    likelihood: LikelihoodOrEmpty
    confidence: ConfidenceOrEmpty
    claim_text: str
    review_by: str | None
    status: VerdictStatus
    author: Person | None
    reviewer: Person | None
    review_note: str
    submitted_at: str | None
    published_at: str | None
    supersedes: VerdictReference | None
    correction_reason: str
    correction_severity: SeverityOrEmpty
    confirmations: list[VerdictConfirmation]
    version: int
    created_at: str
    updated_at: str


class Match(TypedDict):
    field: str
    excerpt: str
    words: list[str]


class Matrix(TypedDict):
    "The evidence of a dispute against the rival claims of one of its questions."
    dispute: MatrixDispute
    question: MatrixQuestion
    analysts: int
    claims: list[MatrixClaim]
    evidence: list[MatrixEvidence]
    decisive: list[str]
    sensitivity: str
    origins: list[MatrixOrigin]
    order: str
    echo: str


class MatrixCell(TypedDict):
    claim: int
    analysts: int
    mean: float | None
    consensus: ConsistencyOrEmpty
    disagreement: float | None
    disagreement_words: str
    discounted: str
    ratings: list[MatrixVote]


class MatrixClaim(TypedDict):
    id: int
    address: str
    number: int
    text: str
    rank: int | None
    inconsistency: float
    consistency: float
    counted_inconsistency: float
    weighted_rank: int | None
    weighted_inconsistency: float
    weighted_consistency: float
    weighted_counted_inconsistency: float
    rated: int
    total: int
    not_applicable: int
    origin_rank: int | None
    origin_inconsistency: float
    origin_consistency: float
    weighted_origin_rank: int | None


class MatrixDispute(TypedDict):
    id: int
    slug: str
    title: str


class MatrixEvidence(TypedDict):
    code: str
    id: int
    address: str
    title: str
    reliability: str
    credibility: int
    weight: float
    diagnosticity: float
    decisive: bool
    discounted: str
    origin: str
    origin_share: float
    cells: list[MatrixCell]


class MatrixOrigin(TypedDict):
    code: str
    evidence: list[str]
    pieces: int
    decisive: bool


class MatrixQuestion(TypedDict):
    id: int
    address: str
    text: str


class MatrixVote(TypedDict):
    analyst: str
    rating: Consistency
    note: str


class Me(TypedDict):
    "Whoever asks."
    id: int
    username: str
    name: str
    roles: list[str]
    desk: bool
    permissions: list[str]
    token: Token | None


class MergeRequest(TypedDict):
    "Which row stays, and why the other one is the same."
    into: int
    change_reason: NotRequired[str]


class NestedAttributionRequest(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    ref: NotRequired[str]
    source: IdOrNameOrRef
    stance: Stance
    said_on: NotRequired[str]
    quote: NotRequired[str]
    quote_language: NotRequired[str]
    translation: NotRequired[str]
    translator: NotRequired[str]
    capacity: NotRequired[str]
    on_behalf_of: NotRequired[IdOrNameOrRef | None]
    document: NotRequired[IdOrRef | None]
    selector: NotRequired[Selector | None]
    relayed_from: NotRequired[IdOrRef | None]
    joint_with: NotRequired[IdOrRef | None]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]


class NestedClaimRequest(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    ref: NotRequired[str]
    question: NotRequired[IdOrRef | None]
    text: str
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: NotRequired[str | None]
    attributions: NotRequired[list[NestedAttributionRequest]]
    evidence: NotRequired[list[ClaimEvidenceLinkRequest]]
    relations: NotRequired[list[ClaimSideRelationRequest]]


class NestedDocumentRequest(TypedDict):
    "One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."
    ref: NotRequired[str]
    kind: DocumentKind
    title: str
    url: NotRequired[str]
    publisher: NotRequired[IdOrNameOrRef | None]
    authors: NotRequired[str]
    published_on: NotRequired[str]
    language: NotRequired[str]
    text: NotRequired[str]
    retracted_on: NotRequired[str]


class NestedEvidenceLinkRequest(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    ref: NotRequired[str]
    claim: IdOrRef
    bearing: Bearing
    strength: NotRequired[Strength]
    note: NotRequired[str]
    own_assertion: NotRequired[bool]
    set_name: NotRequired[str]
    premises: NotRequired[list[NestedPremiseRequest]]


class NestedEvidenceRequest(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    ref: NotRequired[str]
    kind: EvidenceKind
    title: str
    description: NotRequired[str]
    observed_on: NotRequired[str]
    credibility: NotRequired[Credibility]
    derived_from: NotRequired[IdOrRef | None]
    independent_because: NotRequired[str]
    documents: NotRequired[list[IdOrRef]]
    links: NotRequired[list[NestedEvidenceLinkRequest]]


class NestedPremiseRequest(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    ref: NotRequired[str]
    claim: IdOrRef
    note: NotRequired[str]


class NestedQuestionRequest(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    ref: NotRequired[str]
    order: NotRequired[int]
    text: str
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]


class NestedRelationRequest(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    ref: NotRequired[str]
    claim: IdOrRef
    other: IdOrRef
    kind: RelationKind
    point: NotRequired[ConflictPointOrEmpty]
    note: NotRequired[str]


class NestedSourceRequest(TypedDict):
    "A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."
    ref: NotRequired[str]
    kind: SourceKind
    name: str
    slug: NotRequired[str]
    description: NotRequired[str]
    country: NotRequired[str]
    part_of: NotRequired[IdOrNameOrRef | None]
    part_of_since: NotRequired[str]
    website: NotRequired[str]
    wikidata_id: NotRequired[str]
    aliases: NotRequired[list[str]]
    reliability: NotRequired[Reliability]
    reliability_note: NotRequired[str]
    interests: NotRequired[str]
    withheld: NotRequired[bool]
    withheld_reason: NotRequired[str]


class NewClaimRequest(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    ref: NotRequired[str]
    dispute: NotRequired[IdOrNameOrRef | None]
    question: NotRequired[IdOrRef | None]
    text: str
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: NotRequired[str | None]
    sources: NotRequired[list[NestedSourceRequest]]
    documents: NotRequired[list[NestedDocumentRequest]]
    attributions: NotRequired[list[NestedAttributionRequest]]
    evidence: NotRequired[list[ClaimEvidenceLinkRequest]]
    relations: NotRequired[list[ClaimSideRelationRequest]]


class NewEvidenceRequest(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    ref: NotRequired[str]
    kind: EvidenceKind
    title: str
    description: NotRequired[str]
    observed_on: NotRequired[str]
    credibility: NotRequired[Credibility]
    derived_from: NotRequired[IdOrRef | None]
    independent_because: NotRequired[str]
    documents: NotRequired[list[IdOrRef]]


class NewToken(TypedDict):
    id: int
    name: str
    scope: Scope
    key: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    current: bool
    token: str


class NoteRequest(TypedDict):
    note: str
    change_reason: NotRequired[str]


Outcome: TypeAlias = "Literal['awaiting', 'answered', 'declined', 'silence']"


class PatchedAffiliationRequest(TypedDict):
    "What a source was before: the body that it belonged to, and its name, from one date to another."
    source: NotRequired[IdOrName]
    name: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    since: NotRequired[str]
    until: NotRequired[str]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedAssessmentRequest(TypedDict):
    "One analyst's answer to: were this claim true, how consistent would this evidence be with it?"
    evidence: NotRequired[Id]
    claim: NotRequired[Id]
    rating: NotRequired[Consistency]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedAttributionRequest(TypedDict):
    "One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."
    claim: NotRequired[Id]
    source: NotRequired[IdOrName]
    stance: NotRequired[Stance]
    said_on: NotRequired[str]
    quote: NotRequired[str]
    quote_language: NotRequired[str]
    translation: NotRequired[str]
    translator: NotRequired[str]
    capacity: NotRequired[str]
    on_behalf_of: NotRequired[IdOrName | None]
    document: NotRequired[Id | None]
    selector: NotRequired[Selector | None]
    relayed_from: NotRequired[Id | None]
    joint_with: NotRequired[Id | None]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedClaimRequest(TypedDict):
    "A checkable statement, with who said it, what bears on it and what the desk decided."
    dispute: NotRequired[IdOrName | None]
    question: NotRequired[Id | None]
    text: NotRequired[str]
    context: NotRequired[str]
    language: NotRequired[str]
    tags: NotRequired[list[str]]
    quantity_min: NotRequired[str | None]
    quantity_max: NotRequired[str | None]
    quantity_unit: NotRequired[str]
    check_reason: NotRequired[str]
    external_id: NotRequired[str | None]
    change_reason: NotRequired[str]


class PatchedDisputeRequest(TypedDict):
    "Contested questions and the claims that compete on them."
    title: NotRequired[str]
    slug: NotRequired[str]
    question: NotRequired[str]
    summary: NotRequired[str]
    occurred_on: NotRequired[str]
    place: NotRequired[str]
    visibility: NotRequired[Visibility]
    members: NotRequired[list[str]]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


class PatchedDocumentRequest(TypedDict):
    "One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."
    kind: NotRequired[DocumentKind]
    title: NotRequired[str]
    url: NotRequired[str]
    publisher: NotRequired[IdOrName | None]
    authors: NotRequired[str]
    published_on: NotRequired[str]
    language: NotRequired[str]
    text: NotRequired[str]
    retracted_on: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedEvidenceLinkRequest(TypedDict):
    "The bearing of one piece of evidence on one claim; one link for a pair."
    evidence: NotRequired[Id]
    claim: NotRequired[Id]
    bearing: NotRequired[Bearing]
    strength: NotRequired[Strength]
    note: NotRequired[str]
    own_assertion: NotRequired[bool]
    set_name: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedEvidenceRequest(TypedDict):
    "Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."
    kind: NotRequired[EvidenceKind]
    title: NotRequired[str]
    description: NotRequired[str]
    observed_on: NotRequired[str]
    credibility: NotRequired[Credibility]
    derived_from: NotRequired[Id | None]
    independent_because: NotRequired[str]
    dispute: NotRequired[IdOrName | None]
    documents: NotRequired[list[Id]]
    change_reason: NotRequired[str]


class PatchedInquiryRequest(TypedDict):
    "One question put to one source about a claim, with its answer or its silence."
    claim: NotRequired[Id]
    source: NotRequired[IdOrName]
    asked_on: NotRequired[str]
    due_on: NotRequired[str | None]
    channel: NotRequired[str]
    question: NotRequired[str]
    outcome: NotRequired[Outcome]
    answer: NotRequired[str]
    answered_on: NotRequired[str | None]
    change_reason: NotRequired[str]


class PatchedLevelRequest(TypedDict):
    level: NotRequired[RuleLevel]
    reason: NotRequired[str]


class PatchedPremiseRequest(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    link: NotRequired[Id]
    claim: NotRequired[Id]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedQuestionRequest(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    dispute: NotRequired[IdOrName]
    order: NotRequired[int]
    text: NotRequired[str]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


class PatchedRatingRequest(TypedDict):
    "One word of a scale, with its meaning."
    scale: NotRequired[IdOrName]
    code: NotRequired[str]
    label: NotRequired[str]
    order: NotRequired[int]
    leaning: NotRequired[Leaning]
    claimreview_value: NotRequired[int | None]
    colour: NotRequired[str]
    meaning: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedRatingScaleRequest(TypedDict):
    "A set of ratings that belong together, in order."
    code: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedRelationRequest(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    claim: NotRequired[Id]
    other: NotRequired[Id]
    kind: NotRequired[RelationKind]
    point: NotRequired[ConflictPointOrEmpty]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedReviewRequest(TypedDict):
    "A fact-check of the claim by another publisher; never our own verdict."
    claim: NotRequired[Id]
    publisher: NotRequired[IdOrName]
    url: NotRequired[str]
    title: NotRequired[str]
    rating_text: NotRequired[str]
    rating_value: NotRequired[str | None]
    rating_best: NotRequired[str | None]
    rating_worst: NotRequired[str | None]
    rating: NotRequired[IdOrName | None]
    reviewed_on: NotRequired[str]
    language: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedRuleExceptionRequest(TypedDict):
    "A place where a rule is broken for a reason: there it refuses and warns no more."
    code: NotRequired[str]
    claim: NotRequired[Id | None]
    other: NotRequired[Id | None]
    attribution: NotRequired[Id | None]
    document: NotRequired[Id | None]
    source: NotRequired[IdOrName | None]
    other_source: NotRequired[IdOrName | None]
    reason: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedSourceRequest(TypedDict):
    "A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."
    kind: NotRequired[SourceKind]
    name: NotRequired[str]
    slug: NotRequired[str]
    description: NotRequired[str]
    country: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    part_of_since: NotRequired[str]
    website: NotRequired[str]
    wikidata_id: NotRequired[str]
    aliases: NotRequired[list[str]]
    reliability: NotRequired[Reliability]
    reliability_note: NotRequired[str]
    interests: NotRequired[str]
    withheld: NotRequired[bool]
    withheld_reason: NotRequired[str]
    change_reason: NotRequired[str]


class PatchedVerdictRequest(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    claim: NotRequired[Id]
    rating: NotRequired[IdOrName]
    summary: NotRequired[str]
    rationale: NotRequired[str]
    likelihood: NotRequired[LikelihoodOrEmpty]
    confidence: NotRequired[ConfidenceOrEmpty]
    claim_text: NotRequired[str]
    review_by: NotRequired[str | None]
    change_reason: NotRequired[str]


class PatchedWebhookRequest(TypedDict):
    "One receiver that is told what happened, by number alone; it reads the rest like everybody else."
    name: NotRequired[str]
    url: NotRequired[str]
    actions: NotRequired[list[str]]
    disputes: NotRequired[list[int]]
    sources: NotRequired[list[int]]
    active: NotRequired[bool]
    change_reason: NotRequired[str]


class Person(TypedDict):
    "A member of the desk."
    id: int | None
    label: str


class Position(TypedDict):
    attribution: int
    address: str
    voice: TimelineSource
    source: TimelineSource
    stance: Stance
    said_on: str
    not_after: str
    when: str
    claim: TimelineClaim
    capacity: str
    quote: str
    quote_language: str
    translation: str
    document: str
    earlier_wording: bool
    relayed_by: list[TimelineRelay]
    change: Departure | None


class Premise(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    id: int
    link: EvidenceLinkReference
    claim: ClaimReference
    note: str
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class PremiseChange(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    id: int
    version: NotRequired[int]
    link: NotRequired[Id]
    claim: NotRequired[Id]
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PremiseOfLinkRequest(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    claim: Id
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PremiseRequest(TypedDict):
    "A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."
    link: Id
    claim: Id
    note: NotRequired[str]
    change_reason: NotRequired[str]


class PrincipalReference(TypedDict):
    "A source where another row refers to it."
    id: int | None
    label: str
    slug: str


class Problem(TypedDict):
    "Problem details (RFC 9457): the one shape of every refusal."
    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemEntry]
    request_id: str


class ProblemEntry(TypedDict):
    field: NotRequired[str | None]
    pointer: NotRequired[str]
    code: str
    detail: str


class PublicChange(TypedDict):
    entry: int
    at: str
    action: str
    noun: str
    id: int
    claim: int | None
    dispute: int | None
    address: str
    gone: bool


class PublicChanges(TypedDict):
    more: bool
    next: str
    results: list[PublicChange]


class PublishedCorrection(TypedDict):
    "One published verdict that replaced another; its id is that of the new verdict."
    id: int
    claim: CorrectedClaim
    dispute: DisputeReference | None
    published_at: str | None
    severity: SeverityOrEmpty
    reason: str
    old: Decision
    new: Decision


class Question(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    id: int
    dispute: DisputeReference
    order: int
    text: str
    exclusive: bool
    exhaustive: bool
    state: str
    sentence: str
    overtaken_on: str | None
    matrix: str
    answer: str
    answer_author: Person | None
    answer_reviewer: Person | None
    answer_published_at: str | None
    answer_draft: str
    answer_draft_author: Person | None
    text_draft: str
    reworded_at: str | None
    version: int
    created_at: str
    updated_at: str


class QuestionChange(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    id: int
    version: NotRequired[int]
    dispute: NotRequired[IdOrName]
    order: NotRequired[int]
    text: NotRequired[str]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


class QuestionReference(TypedDict):
    "A question where another row refers to it."
    id: int
    label: str
    order: int


class QuestionRequest(TypedDict):
    "A question with how far it is decided, which is the same whoever reads it."
    dispute: IdOrName
    order: NotRequired[int]
    text: str
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    change_reason: NotRequired[str]


QuestionState: TypeAlias = "Literal['open', 'contested', 'settled', 'under_review']"


class QuoteCheck(TypedDict):
    "What a look for the quote in the cited document found."
    state: QuoteState
    place: Selector | None
    omitted: list[str]
    warnings: list[Caution]


QuoteState: TypeAlias = "Literal['verified', 'elided', 'not_found', 'unverifiable']"


class Rating(TypedDict):
    "One word of a scale, with its meaning."
    id: int
    scale: RatingScaleReference
    code: str
    label: str
    order: int
    leaning: Leaning
    claimreview_value: int | None
    colour: str
    meaning: str
    version: int
    created_at: str
    updated_at: str


class RatingChange(TypedDict):
    "One word of a scale, with its meaning."
    id: int
    version: NotRequired[int]
    scale: NotRequired[IdOrName]
    code: NotRequired[str]
    label: NotRequired[str]
    order: NotRequired[int]
    leaning: NotRequired[Leaning]
    claimreview_value: NotRequired[int | None]
    colour: NotRequired[str]
    meaning: NotRequired[str]
    change_reason: NotRequired[str]


class RatingInScale(TypedDict):
    "One word of a scale, with its meaning."
    id: int
    code: str
    label: str
    order: int
    leaning: Leaning
    claimreview_value: int | None
    colour: str
    meaning: str


class RatingReference(TypedDict):
    "A rating where another row refers to it."
    id: int
    label: str
    code: str
    leaning: Leaning


class RatingRequest(TypedDict):
    "One word of a scale, with its meaning."
    scale: IdOrName
    code: str
    label: str
    order: int
    leaning: NotRequired[Leaning]
    claimreview_value: NotRequired[int | None]
    colour: NotRequired[str]
    meaning: str
    change_reason: NotRequired[str]


class RatingScale(TypedDict):
    "A set of ratings that belong together, in order."
    id: int
    code: str
    name: str
    description: str
    ratings: list[RatingInScale]
    version: int
    created_at: str
    updated_at: str


class RatingScaleChange(TypedDict):
    "A set of ratings that belong together, in order."
    id: int
    version: NotRequired[int]
    code: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    change_reason: NotRequired[str]


class RatingScaleReference(TypedDict):
    "A rating scale where another row refers to it."
    id: int
    label: str


class RatingScaleRequest(TypedDict):
    "A set of ratings that belong together, in order."
    code: str
    name: str
    description: NotRequired[str]
    change_reason: NotRequired[str]


class ReasonAlone(TypedDict):
    "Nothing but the reason, where one is needed."
    change_reason: NotRequired[str]


class ReasonRequest(TypedDict):
    reason: str
    change_reason: NotRequired[str]


class Relation(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    id: int
    claim: ClaimReference
    other: ClaimReference
    kind: RelationKind
    point: ConflictPointOrEmpty
    note: str
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class RelationChange(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    id: int
    version: NotRequired[int]
    claim: NotRequired[Id]
    other: NotRequired[Id]
    kind: NotRequired[RelationKind]
    point: NotRequired[ConflictPointOrEmpty]
    note: NotRequired[str]
    change_reason: NotRequired[str]


RelationKind: TypeAlias = "Literal['contradicts', 'excludes', 'refines', 'supports', 'repeats', 'compatible']"


class RelationRequest(TypedDict):
    "How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."
    claim: Id
    other: Id
    kind: RelationKind
    point: NotRequired[ConflictPointOrEmpty]
    note: NotRequired[str]


Reliability: TypeAlias = "Literal['A', 'B', 'C', 'D', 'E', 'F']"


class Review(TypedDict):
    "A fact-check of the claim by another publisher; never our own verdict."
    id: int
    claim: ClaimReference
    publisher: SourceReference
    url: str
    title: str
    rating_text: str
    rating_value: str | None
    rating_best: str | None
    rating_worst: str | None
    rating: RatingReference | None
    reviewed_on: str
    language: str
    withdrawn_at: str | None
    withdrawn_reason: str
    version: int
    created_at: str
    updated_at: str


class ReviewChange(TypedDict):
    "A fact-check of the claim by another publisher; never our own verdict."
    id: int
    version: NotRequired[int]
    claim: NotRequired[Id]
    publisher: NotRequired[IdOrName]
    url: NotRequired[str]
    title: NotRequired[str]
    rating_text: NotRequired[str]
    rating_value: NotRequired[str | None]
    rating_best: NotRequired[str | None]
    rating_worst: NotRequired[str | None]
    rating: NotRequired[IdOrName | None]
    reviewed_on: NotRequired[str]
    language: NotRequired[str]
    change_reason: NotRequired[str]


class ReviewRequest(TypedDict):
    "A fact-check of the claim by another publisher; never our own verdict."
    claim: Id
    publisher: IdOrName
    url: str
    title: NotRequired[str]
    rating_text: NotRequired[str]
    rating_value: NotRequired[str | None]
    rating_best: NotRequired[str | None]
    rating_worst: NotRequired[str | None]
    rating: NotRequired[IdOrName | None]
    reviewed_on: NotRequired[str]
    language: NotRequired[str]
    change_reason: NotRequired[str]


class RowById(TypedDict):
    id: int


class RowByRef(TypedDict):
    ref: str


class RowChange(TypedDict):
    noun: Literal['dispute', 'evidence', 'question', 'claim', 'attribution', 'evidence-link', 'relation', 'verdict', 'review', 'inquiry']
    id: int
    claim: int | None
    change: Literal['added', 'changed', 'removed']
    row: str
    differences: list[Change]


class RowError(TypedDict):
    field: str | None
    code: str
    detail: str


class RowResult(TypedDict):
    "What became of one row: its `id` and `version` where it was stored, a `code` where it was refused."
    row: int
    status: int
    id: int | None
    version: int | None
    code: str
    detail: str
    errors: list[RowError]


class Rule(TypedDict):
    "One rule; its level is set with PATCH rules/{code}/."
    code: str
    level: RuleLevel
    default_level: RuleLevel
    highest_level: RuleLevel
    fixed: bool
    sentence: str
    remedy: str
    exceptions: int


class RuleException(TypedDict):
    "A place where a rule is broken for a reason: there it refuses and warns no more."
    id: int
    code: str
    claim: ClaimReference | None
    other: ClaimReference | None
    attribution: AttributionReference | None
    document: DocumentReference | None
    source: SourceReference | None
    other_source: SourceReference | None
    reason: str
    version: int
    created_at: str
    updated_at: str


class RuleExceptionChange(TypedDict):
    "A place where a rule is broken for a reason: there it refuses and warns no more."
    id: int
    version: NotRequired[int]
    code: NotRequired[str]
    claim: NotRequired[Id | None]
    other: NotRequired[Id | None]
    attribution: NotRequired[Id | None]
    document: NotRequired[Id | None]
    source: NotRequired[IdOrName | None]
    other_source: NotRequired[IdOrName | None]
    reason: NotRequired[str]
    change_reason: NotRequired[str]


class RuleExceptionRequest(TypedDict):
    "A place where a rule is broken for a reason: there it refuses and warns no more."
    code: str
    claim: NotRequired[Id | None]
    other: NotRequired[Id | None]
    attribution: NotRequired[Id | None]
    document: NotRequired[Id | None]
    source: NotRequired[IdOrName | None]
    other_source: NotRequired[IdOrName | None]
    reason: str
    change_reason: NotRequired[str]


RuleLevel: TypeAlias = "Literal['refuse', 'warn', 'hint']"


class Rules(TypedDict):
    "All rules of the register, in the order in which a reader is told of them."
    rules: list[Rule]


Scope: TypeAlias = "Literal['read', 'write', 'review', 'admin']"


class Search(TypedDict):
    more: bool
    results: list[Found]


class Secret(TypedDict):
    secret: str
    secret_generation: int


Selector: TypeAlias = "dict[str, Any]"


Severity: TypeAlias = "Literal['update', 'clarification', 'correction', 'retraction']"


SeverityOrEmpty: TypeAlias = "Literal['update', 'clarification', 'correction', 'retraction', '']"


class Snapshot(TypedDict):
    "A copy of a document as it was at one moment, kept in an archive; it never changes."
    id: int
    document: DocumentReference
    taken_at: str
    final_url: str
    archive_url: str
    media_type: str
    size: int
    digest: str
    tool: str
    taken_by: Person | None
    kept: bool
    broken_since: str | None
    version: int
    created_at: str
    updated_at: str


class SnapshotRequest(TypedDict):
    "A copy of a document as it was at one moment, kept in an archive; it never changes."
    document: Id
    taken_at: str
    final_url: NotRequired[str]
    archive_url: str
    media_type: str
    size: int
    digest: str
    tool: NotRequired[str]
    change_reason: NotRequired[str]


class Source(TypedDict):
    "A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."
    id: int
    kind: SourceKind
    name: str
    slug: str
    description: str
    country: str
    part_of: SourceReference | None
    part_of_since: str
    website: str
    wikidata_id: str
    aliases: list[str]
    reliability: Reliability
    reliability_note: str
    interests: str
    withheld: bool
    withheld_reason: str
    merged_into: SourceReference | None
    version: int
    created_at: str
    updated_at: str


class SourceChange(TypedDict):
    "A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."
    id: int
    version: NotRequired[int]
    kind: NotRequired[SourceKind]
    name: NotRequired[str]
    slug: NotRequired[str]
    description: NotRequired[str]
    country: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    part_of_since: NotRequired[str]
    website: NotRequired[str]
    wikidata_id: NotRequired[str]
    aliases: NotRequired[list[str]]
    reliability: NotRequired[Reliability]
    reliability_note: NotRequired[str]
    interests: NotRequired[str]
    withheld: NotRequired[bool]
    withheld_reason: NotRequired[str]
    change_reason: NotRequired[str]


SourceKind: TypeAlias = "Literal['person', 'organisation', 'state_body', 'news_outlet', 'witness']"


class SourceReference(TypedDict):
    "A source where another row refers to it."
    id: int
    label: str
    slug: str


class SourceRequest(TypedDict):
    "A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."
    kind: SourceKind
    name: str
    slug: NotRequired[str]
    description: NotRequired[str]
    country: NotRequired[str]
    part_of: NotRequired[IdOrName | None]
    part_of_since: NotRequired[str]
    website: NotRequired[str]
    wikidata_id: NotRequired[str]
    aliases: NotRequired[list[str]]
    reliability: NotRequired[Reliability]
    reliability_note: NotRequired[str]
    interests: NotRequired[str]
    withheld: NotRequired[bool]
    withheld_reason: NotRequired[str]
    change_reason: NotRequired[str]


class StaleReason(TypedDict):
    code: str
    row: int
    at: str
    words: str


Stance: TypeAlias = "Literal['asserts', 'alleges', 'suggests', 'denies', 'disputes', 'questions', 'declines', 'disclaims', 'opines', 'jokes', 'relays', 'retracts', 'hedges']"


Strength: TypeAlias = "Literal['weak', 'moderate', 'strong']"


class TakenBack(TypedDict):
    attribution: int
    source: SourceReference
    stance: Stance
    said_on: str
    taken_back_on: str
    words: str


class Timeline(TypedDict):
    "The positions on a dispute in the order of time."
    dispute: MatrixDispute
    positions: list[Position]


class TimelineClaim(TypedDict):
    id: int
    number: int
    text: str


class TimelineRelay(TypedDict):
    id: int
    label: str
    slug: str
    earlier_wording: bool


class TimelineSource(TypedDict):
    id: int
    label: str
    slug: str


class Token(TypedDict):
    "A token as its owner sees it; what is sent is shown once, when it is made."
    id: int
    name: str
    scope: Scope
    key: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    current: bool


class TokenRequest(TypedDict):
    "A token as its owner sees it; what is sent is shown once, when it is made."
    name: str
    scope: NotRequired[Scope]
    expires_at: NotRequired[str | None]


class UploadRequest(TypedDict):
    "What comes with an uploaded file; size and digest are computed, never said."
    document: Id
    file: str
    taken_at: NotRequired[str]
    final_url: NotRequired[str]
    archive_url: NotRequired[str]
    tool: NotRequired[str]
    media_type: NotRequired[str]
    change_reason: NotRequired[str]


class Verdict(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    id: int
    claim: ClaimReference
    rating: RatingReference
    summary: str
    rationale: str
    likelihood: LikelihoodOrEmpty
    confidence: ConfidenceOrEmpty
    claim_text: str
    review_by: str | None
    status: VerdictStatus
    author: Person | None
    reviewer: Person | None
    review_note: str
    submitted_at: str | None
    published_at: str | None
    supersedes: VerdictReference | None
    correction_reason: str
    correction_severity: SeverityOrEmpty
    confirmations: list[VerdictConfirmation]
    stale: list[StaleReason]
    version: int
    created_at: str
    updated_at: str


class VerdictChange(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    id: int
    version: NotRequired[int]
    claim: NotRequired[Id]
    rating: NotRequired[IdOrName]
    summary: NotRequired[str]
    rationale: NotRequired[str]
    likelihood: NotRequired[LikelihoodOrEmpty]
    confidence: NotRequired[ConfidenceOrEmpty]
    claim_text: NotRequired[str]
    review_by: NotRequired[str | None]
    change_reason: NotRequired[str]


class VerdictConfirmation(TypedDict):
    "One reviewer's statement that a published verdict still holds, with the reason; it never changes."
    id: int
    reviewer: Person | None
    reason: str
    created_at: str


class VerdictReference(TypedDict):
    "A verdict where another row refers to it."
    id: int
    label: str


class VerdictRequest(TypedDict):
    "What the desk decided on a claim: drafted by one person, published by another."
    claim: Id
    rating: IdOrName
    summary: NotRequired[str]
    rationale: NotRequired[str]
    likelihood: NotRequired[LikelihoodOrEmpty]
    confidence: NotRequired[ConfidenceOrEmpty]
    claim_text: NotRequired[str]
    review_by: NotRequired[str | None]
    change_reason: NotRequired[str]


VerdictStatus: TypeAlias = "Literal['draft', 'in_review', 'published']"


Visibility: TypeAlias = "Literal['public', 'internal', 'restricted']"


class Webhook(TypedDict):
    "One receiver that is told what happened, by number alone; it reads the rest like everybody else."
    id: int
    name: str
    url: str
    actions: list[str]
    disputes: list[int]
    sources: list[int]
    active: bool
    owner: Person | None
    stopped: str
    after: int | None
    secret_generation: int
    secret_shown_at: str | None
    secret_rotated_at: str | None
    version: int
    created_at: str
    updated_at: str


class WebhookCall(TypedDict):
    "The delivery of one entry, or of a test, to one receiver, with the answer to its last attempt."
    id: int
    event: str
    entry_id: int | None
    status: CallStatus
    attempts: int
    sent_at: str | None
    next_attempt_at: str | None
    response_status: int | None
    response_excerpt: str
    error: str


class WebhookChange(TypedDict):
    "One receiver that is told what happened, by number alone; it reads the rest like everybody else."
    id: int
    version: NotRequired[int]
    name: NotRequired[str]
    url: NotRequired[str]
    actions: NotRequired[list[str]]
    disputes: NotRequired[list[int]]
    sources: NotRequired[list[int]]
    active: NotRequired[bool]
    change_reason: NotRequired[str]


class WebhookRequest(TypedDict):
    "One receiver that is told what happened, by number alone; it reads the rest like everybody else."
    name: str
    url: str
    actions: list[str]
    disputes: NotRequired[list[int]]
    sources: NotRequired[list[int]]
    active: NotRequired[bool]
    change_reason: NotRequired[str]


class WholeDisputeRequest(TypedDict):
    "Contested questions and the claims that compete on them."
    title: str
    slug: NotRequired[str]
    question: str
    summary: NotRequired[str]
    occurred_on: NotRequired[str]
    place: NotRequired[str]
    visibility: NotRequired[Visibility]
    members: NotRequired[list[str]]
    exclusive: NotRequired[bool]
    exhaustive: NotRequired[bool]
    sources: NotRequired[list[NestedSourceRequest]]
    documents: NotRequired[list[NestedDocumentRequest]]
    questions: NotRequired[list[NestedQuestionRequest]]
    claims: NotRequired[list[NestedClaimRequest]]
    evidence: NotRequired[list[NestedEvidenceRequest]]
    relations: NotRequired[list[NestedRelationRequest]]
    change_reason: NotRequired[str]


class WithdrawalRequest(TypedDict):
    "One of many rows that are withdrawn."
    id: int
    version: NotRequired[int]
    reason: str
