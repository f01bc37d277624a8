"""The desk's pages for claims: the statement, and all that hangs on it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from claims.admin.claim_filters import (
    BearingFilter,
    EvidenceFilter,
    LanguageFilter,
    RatingFilter,
    SaidAfterFilter,
    SaidBeforeFilter,
    SourceFilter,
    StanceFilter,
    TagFilter,
    VerdictFilter,
)
from claims.admin.claim_inlines import INLINES, decided
from claims.admin.claim_language import WordedForm
from claims.admin.claim_panel import claim_panel
from claims.admin.claim_publishing import PublishingAdmin
from claims.admin.claim_steps import PUBLISH, RETURN, SUBMIT, WITHDRAW
from claims.admin.kept import KeptForPeople
from claims.admin.labels import label_of, rating_label
from claims.admin.reports import export_menu
from claims.choices import ClaimStatus, VerdictStatus
from claims.logic.origins import TOGETHER
from claims.logic.wording import pieces, voices
from claims.models import Claim, Dispute, Verdict
from claims.models.parts import ClaimParts
from claims.reports.load.origins import load_origins
from claims.services.question import only_question
from factcheck.admin import (
    ChoiceFilter,
    VisibleFilter,
    link_to,
)
from factcheck.admin.forms import RecordedForm
from factcheck.admin.links import add_url, admin_url
from factcheck.admin.steps import button
from factcheck.admin.trail import trail_for
from factcheck.base.people import Reader
from factcheck.teamwork.admin import TeamFilter


class ClaimForm(WordedForm, RecordedForm):
    """A claim; a new one says in which language it is, or is told."""


_PANELS: KeptForPeople[dict[str, Any]] = KeptForPeople(100)


@admin.register(Claim)
class ClaimAdmin(PublishingAdmin):
    form = ClaimForm
    steps = (SUBMIT, PUBLISH, RETURN, WITHDRAW)
    list_display = ("text_short", "dispute_link", "status_label", "verdict_shown", "said", "updated_at")
    brief = ("status_label", "verdict_shown")
    list_select_related = ("dispute", "question")
    named_only = ("dispute",)
    sortable_by = ("dispute_link", "updated_at")
    list_filter = (
        ChoiceFilter.of("status", ClaimStatus),
        VisibleFilter.of("dispute", Dispute),
        TeamFilter.of("dispute"),
        SourceFilter,
        StanceFilter,
        SaidAfterFilter,
        SaidBeforeFilter,
        BearingFilter,
        RatingFilter,
        EvidenceFilter,
        VerdictFilter,
        TagFilter,
        LanguageFilter,
    )
    search_fields = ("text", "context", "tags")
    search_help_text = "Search by the words of the claim, its context or tags."
    autocomplete_fields = ("dispute", "question")
    belongs_to = "dispute"
    kept_for_next = ("question",)
    prefilled = ("dispute", "question")
    inlines = INLINES
    fieldsets = (
        (None, {"fields": ["dispute", "question", "text", "language"]}),
        (
            "Context and filing",
            {
                "fields": ["context", "check_reason", "tags", "external_id"],
                "classes": ["collapse"],
                "description": "What a reader must know, why we check it, and where it is filed.",
            },
        ),
        (
            "Number",
            {
                "fields": [("quantity_min", "quantity_max", "quantity_unit")],
                "classes": ["collapse"],
                "description": "When the claim states a number: “5 to 7 deaths” is 5, 7, deaths.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if self.in_list(request):
            current = Verdict.objects.current().select_related("rating")
            rows = rows.prefetch_related(Prefetch("verdicts", queryset=current))
        return rows

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        # Counted once for the page: what a row says of itself must not cost a query.
        origins = load_origins([claim.pk for claim in shown.result_list], request.user)
        for claim in shown.result_list:
            claim.parts = ClaimParts(origins=origins.on_claim(claim.pk))
        return shown

    def store(self, request: HttpRequest, obj: Claim, form: RecordedForm, change: bool) -> None:
        # A new claim of which nobody says so answers the only question of its dispute.
        if not change and obj.question_id is None:
            obj.question = only_question(obj.dispute)
        super().store(request, obj, form, change)

    def get_view_on_site_url(self, obj: Claim | None = None) -> str | None:
        return f"/claims/{obj.pk}/" if obj is not None and self.public(obj) else None

    def buttons(self, request: HttpRequest, row: Claim) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        if request.user.has_perm("claims.add_verdict") and row.merged_into_id is None and not decided(row):
            mine = row.verdicts.filter(author_id=request.user.pk, status=VerdictStatus.DRAFT).first()
            draft = button("My draft", admin_url(mine), icon="gavel") if mine else None
            made.insert(0, draft or button("Draft a verdict", add_url(Verdict, claim=row.pk), icon="gavel"))
        return [*made, export_menu("claim", row.pk, row.pk)]

    def closed(self, user: Reader, obj: Claim) -> str:
        said = super().closed(user, obj)
        if not said or obj.merged_into_id is not None:
            return said
        what = "a correction of its verdict" if decided(obj) else "a verdict on it"
        return f"{said} You can still draft {what}."

    def trail(self, request: HttpRequest, row: Claim) -> QuerySet:
        """The history of a claim is also that of what hangs on it."""
        own = Q(object_type="claim", object_id=str(row.pk))
        return trail_for(request.user).filter(own | Q(claim_id=row.pk)).order_by("-id")

    def panel(self, request: HttpRequest, row: Claim) -> dict[str, Any]:
        kept = _PANELS.answer(request.user, lambda: claim_panel(row, request.user), row.pk)
        return {**kept, "panel_template": "admin/claims/claim_panel.html", "claim": row}

    @admin.display(description="claim")
    def text_short(self, claim: Claim) -> str:
        return str(claim)

    @admin.display(description="dispute", ordering="dispute_id")
    def dispute_link(self, claim: Claim) -> Any:
        return link_to(claim.dispute)

    @admin.display(description="status")
    def status_label(self, claim: Claim) -> Any:
        return label_of(claim)

    @admin.display(description="verdict")
    def verdict_shown(self, claim: Claim) -> Any:
        return rating_label(next((verdict.rating for verdict in claim.verdicts.all()), None))

    @admin.display(description="on record")
    def said(self, claim: Claim) -> str:
        origins = claim.parts.origins if claim.parts is not None else None
        if origins is None:
            return ""
        return f"{voices(origins.voices[TOGETHER])}; evidence: {pieces(origins.evidence[TOGETHER])}"
