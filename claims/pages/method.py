"""The page that says how the desk works: what is recorded, graded and decided, and what the words mean."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from claims.choices import Confidence, Consistency, Credibility, Likelihood, QuestionState, RuleLevel, Severity
from claims.logic.question_sentence import state_meanings
from claims.logic.verbs import VERBS
from claims.models import RatingScale
from claims.pages.site import site_page
from claims.reports.formats.catalogue import FORMATS
from claims.rules.catalogue import RULES
from claims.rules.judgement import load_levels
from claims.rules.question_state import required_confidence
from sources.choices import Reliability


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the desk works, with the vocabularies that it uses as they are."""
    scale = shown_scale()
    meanings, levels = state_meanings(required_confidence()), load_levels()
    context = {
        "scale": scale,
        "ratings": scale.ratings.order_by("order", "id") if scale is not None else (),
        "likelihoods": [_range(str(label)) for label in Likelihood.labels],
        "confidences": Confidence.labels,
        "reliabilities": [_meant(str(label)) for label in Reliability.labels],
        "credibilities": [_meant(str(label)) for label in Credibility.labels],
        "stances": [_meant(verb.label) for verb in VERBS.values() if not verb.older],
        "severities": [_meant(str(label)) for label in Severity.labels],
        "consistencies": Consistency.choices,
        "formats": ", ".join(entry.label for entry in FORMATS.values()),
        "states": [(label, meanings[code]) for code, label in QuestionState.choices],
        "rules": [rule.sentence for code, rule in RULES.items() if levels[code] == RuleLevel.REFUSE],
    }
    about = "How claims are recorded, how sources and evidence are graded, and what each verdict means."
    return site_page(request, "claims/pages/method.html", context, section="method", description=about)


def shown_scale() -> Any:
    """The rating scale that the settings name, or the first one; None in a register that has none."""
    scales = RatingScale.objects.order_by("id")
    code = settings.FACTCHECK_RATING_SCALE
    return (scales.filter(code=code) if code else scales).first()


def _meant(label: str) -> tuple[str, str]:
    """`A: completely reliable` as a word and its meaning."""
    word, _colon, meaning = label.partition(": ")
    return word, meaning


def _range(label: str) -> tuple[str, str]:
    """`Likely (55-80 %)` as the word and its range."""
    word, _open, span = label.rstrip(")").partition(" (")
    return word, span.replace("-", "–").replace(" %", "\u00a0%")
