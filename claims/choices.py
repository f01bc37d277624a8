"""The fixed vocabularies of claims and verdicts, each value with its meaning."""

from django.db import models

from claims.logic import verbs


class Visibility(models.TextChoices):
    PUBLIC = "public", "Public: everybody reads what is published"
    INTERNAL = "internal", "Internal: everybody who is logged in reads what is published"
    RESTRICTED = "restricted", "Restricted: only its members see that it exists"


class ClaimStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RelationKind(models.TextChoices):
    CONTRADICTS = "contradicts", "Contradicts: not both true, not both false"
    EXCLUDES = "excludes", "Excludes: not both true"
    REFINES = "refines", "Refines: says the same more exactly"
    SUPPORTS = "supports", "Supports: makes the other likelier"
    REPEATS = "repeats", "Repeats: says the same again"
    COMPATIBLE = "compatible", "Compatible: both can be true"


RIVALRY = (RelationKind.CONTRADICTS, RelationKind.EXCLUDES)
"""The relations that make two claims rivals."""


class ConflictPoint(models.TextChoices):
    CAUSE = "cause", "Cause"
    NUMBER = "number", "Number"
    AGENT = "agent", "Agent: who did it"
    TIME = "time", "Time"
    PLACE = "place", "Place"
    LEGALITY = "legality", "Legality"
    MOTIVE = "motive", "Motive"


class Stance(models.TextChoices):
    """What a source does with a claim; what each verb means is said in `claims.logic.verbs`."""

    ASSERTS = "asserts", verbs.label_of("asserts")
    ALLEGES = "alleges", verbs.label_of("alleges")
    SUGGESTS = "suggests", verbs.label_of("suggests")
    DENIES = "denies", verbs.label_of("denies")
    DISPUTES = "disputes", verbs.label_of("disputes")
    QUESTIONS = "questions", verbs.label_of("questions")
    DECLINES = "declines", verbs.label_of("declines")
    DISCLAIMS = "disclaims", verbs.label_of("disclaims")
    OPINES = "opines", verbs.label_of("opines")
    JOKES = "jokes", verbs.label_of("jokes")
    RELAYS = "relays", verbs.label_of("relays")
    RETRACTS = "retracts", verbs.label_of("retracts")
    HEDGES = "hedges", verbs.label_of("hedges")


class EvidenceKind(models.TextChoices):
    OFFICIAL_RECORD = "official_record", "Official record"
    FORENSIC = "forensic", "Forensic finding"
    DOCUMENT = "document", "Document"
    TESTIMONY = "testimony", "Testimony"
    IMAGERY = "imagery", "Imagery"
    PHYSICAL = "physical", "Physical object"
    DATA = "data", "Data"
    EXPERT = "expert", "Expert analysis"
    ABSENT = "absent", "Expected but absent"


class Credibility(models.IntegerChoices):
    """Information credibility of the Admiralty code; 6 is unknown, not worst."""

    CONFIRMED = 1, "1: confirmed by other sources"
    PROBABLE = 2, "2: probably true"
    POSSIBLE = 3, "3: possibly true"
    DOUBTFUL = 4, "4: doubtful"
    IMPROBABLE = 5, "5: improbable"
    UNKNOWN = 6, "6: truth cannot be judged"


class Bearing(models.TextChoices):
    SUPPORTS = "supports", "Supports"
    REFUTES = "refutes", "Refutes"
    CONTEXT = "context", "Context"


class Strength(models.TextChoices):
    WEAK = "weak", "Weak"
    MODERATE = "moderate", "Moderate"
    STRONG = "strong", "Strong"


class Discount(models.TextChoices):
    """Why a bearing of evidence is shown and does not count."""

    OWN_ASSERTION = "own_assertion", "The claim's own assertion"
    REPEATS_OWN = "repeats_own", "Derived from the claim's own assertion"
    UNDERCUT = "undercut", "Undercut: a claim on which it depends does not hold"
    REPEATS_UNDERCUT = "repeats_undercut", "Derived from what is undercut"
    BROKEN_SET = "broken_set", "Incomplete: a part of its set does not count"


class PremiseFate(models.TextChoices):
    """Why a claim on which evidence depends does not hold."""

    REFUTED = "refuted", "Refuted"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Consistency(models.TextChoices):
    """One analyst's rating in the analysis of competing hypotheses."""

    VI = "VI", "Very inconsistent"
    I = "I", "Inconsistent"  # noqa: E741 - the method's own letter
    N = "N", "Neutral"
    C = "C", "Consistent"
    VC = "VC", "Very consistent"
    NA = "NA", "Not applicable"


class Leaning(models.TextChoices):
    """What a rating says about its claim; the guard rails ask for evidence of the same bearing."""

    SUPPORTED = "supported", "The claim holds"
    REFUTED = "refuted", "The claim does not hold"
    NEITHER = "neither", "Neither, or not decided"


class VerdictStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"


class Likelihood(models.TextChoices):
    """Terms of likelihood of ICD 203, with their ranges in percent."""

    ALMOST_NO_CHANCE = "almost_no_chance", "Almost no chance (1-5 %)"
    VERY_UNLIKELY = "very_unlikely", "Very unlikely (5-20 %)"
    UNLIKELY = "unlikely", "Unlikely (20-45 %)"
    ROUGHLY_EVEN = "roughly_even", "Roughly even chance (45-55 %)"
    LIKELY = "likely", "Likely (55-80 %)"
    VERY_LIKELY = "very_likely", "Very likely (80-95 %)"
    ALMOST_CERTAIN = "almost_certain", "Almost certain (95-99 %)"


class Confidence(models.TextChoices):
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class Severity(models.TextChoices):
    """How grave the correction of a verdict is."""

    UPDATE = "update", "Update: new information"
    CLARIFICATION = "clarification", "Clarification: wording, same meaning"
    CORRECTION = "correction", "Correction: something was wrong"
    RETRACTION = "retraction", "Retraction: the verdict should not have been published"


class Outcome(models.TextChoices):
    """What came of an inquiry."""

    AWAITING = "awaiting", "Awaiting an answer"
    ANSWERED = "answered", "Answered"
    DECLINED = "declined", "Declined to answer"
    SILENCE = "silence", "No answer by the due date"


class QuestionState(models.TextChoices):
    """How far a question is decided, derived from its published claims; of a dispute, from its questions."""

    OPEN = "open", "Open"
    CONTESTED = "contested", "Contested"
    SETTLED = "settled", "Settled"
    UNDER_REVIEW = "under_review", "Under review"


class QuoteState(models.TextChoices):
    """Whether a quote stands in the text or a kept copy of the document that is cited for it."""

    VERIFIED = "verified", "Verified: the words stand in the cited document"
    ELIDED = "elided", "Elided: they stand there around what the quote leaves out"
    NOT_FOUND = "not_found", "Not found: the cited document has other words"
    UNVERIFIABLE = "unverifiable", "Unverifiable: the register has no text of the cited document"


class ExportKind(models.TextChoices):
    """What was taken out of the register."""

    REPORT = "report", "Report: one dispute or claim"
    LIST = "list", "List: the rows that a filter finds"
    BUNDLE = "bundle", "Bundle: a report with its data and kept copies"
    REGISTER = "register", "Register: all rows"


class ExportStatus(models.TextChoices):
    """How far an export is."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    DELETED = "deleted", "Deleted"


class RuleLevel(models.TextChoices):
    """What happens where a rule is broken."""

    REFUSE = "refuse", "Refuse: what breaks it is not saved or published"
    WARN = "warn", "Warn: it is saved, and stands among the concerns of the desk"
    HINT = "hint", "Hint: it is saved, and listed where somebody looks for more"


class Audience(models.TextChoices):
    """For whom something is kept ready: all of an audience read the same."""

    PUBLIC = "public", "Everybody, without logging in"
    DESK = "desk", "The desk, as far as no restricted dispute is concerned"
