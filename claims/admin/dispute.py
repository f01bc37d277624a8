"""The desk's pages for disputes: the question, and its rival claims side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html

from claims.admin.abandoned import abandoned_view
from claims.admin.claim_language import WordedForm
from claims.admin.glossary import terms
from claims.admin.kept import KeptForPeople
from claims.admin.labels import TONES, claims_counted, label_of
from claims.admin.reports import export_menu
from claims.admin.team import GIVE
from claims.admin.weighing import WeighingMixin, may_weigh
from claims.choices import ClaimStatus, QuestionState, Visibility
from claims.logic.question_sentence import dispute_sentence
from claims.models import Attribution, Claim, Dispute, DisputeMember, Evidence, Question
from claims.models.parts import DisputeParts
from claims.reports.load.breaches import load_breaches
from claims.reports.load.dossier import load_dispute
from claims.reports.load.questions import load_states_of, states_in
from claims.reports.pictures.timeline import picture_of
from claims.rules.question_state import disputes_in
from claims.services import ask_question
from claims.services.question import ask_first_question, only_question, suggest_questions
from factcheck.admin import ChoiceFilter, RecordedModelAdmin, RecordedTabularInline, Step, text_form
from factcheck.admin.beforehand import CORRECT
from factcheck.admin.forms import RecordedRowForm
from factcheck.admin.links import add_url, admin_url, badge, list_url
from factcheck.admin.returning import back_to
from factcheck.admin.steps import button
from factcheck.admin.trail import trail_for
from factcheck.base import edtf
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork.admin import TeamFilter
from factcheck.teamwork.teams import teams_with


class QuestionInline(RecordedTabularInline):
    """What the dispute asks; without any, its own question is the first."""

    model = Question
    belongs = "What the claims of this dispute compete to answer. Without any, the question above is the first."
    fields = ("text", "order", "exclusive", "exhaustive")
    verbose_name = "question"
    verbose_name_plural = "questions"
    label_related = ("dispute",)
    hide_title = True
    tab = False


def _competing(dispute: Dispute) -> list[tuple[str, Any]]:
    found = suggest_questions(dispute)
    return [("These claims compete", "\n".join(claim.text for claim in found[0].claims))] if found else []


ASK = Step(
    name="ask",
    label="Ask a question of them",
    says="These claims cannot all be true, and answer no question yet. Name what they answer: a new question is added "
    "and they are its claims.",
    run=lambda *, actor, row, text: ask_question(
        actor=actor, dispute=row, text=text, claims=[claim.pk for claim in suggest_questions(row)[0].claims]
    ),
    done="Asked:",
    offered=lambda user, row: user.has_perm("claims.add_question") and bool(suggest_questions(row)),
    form=text_form("text", "Question", "The question as one sentence, such as “What caused the explosion?”"),
    icon="help",
    context=_competing,
)


class NewClaimForm(WordedForm, RecordedRowForm):
    """A claim by its words, and the language of these."""


class NewClaimInline(RecordedTabularInline):
    """A quick way to enter rival claims; the ones that are there already stand above, each with its own page."""

    model = Claim
    form = NewClaimForm
    fields = ("text", "language")
    verbose_name = "new claim"
    verbose_name_plural = "new claims"
    show_count = False
    can_delete = False
    tab = False

    def get_extra(self, request: HttpRequest, obj: Dispute | None = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).none()


class MemberInline(RecordedTabularInline):
    model = DisputeMember
    belongs = "Who alone sees this dispute where it is restricted, whatever their role."
    fields = ("user",)
    verbose_name = "member"
    verbose_name_plural = "members"
    label_related = ("user", "dispute")
    hide_title = True
    show_change_link = False
    tab = False

    def has_delete_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        return request.user.has_perm("claims.delete_disputemember")


class StateFilter(ChoiceFilter):
    title, parameter_name, field = "state", "state", "state"
    options = tuple(QuestionState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return disputes_in(queryset, self.value() or "") if self.value() is not None else queryset


_PANELS: KeptForPeople[dict[str, Any]] = KeptForPeople(20)


@admin.register(Dispute)
class DisputeAdmin(WeighingMixin, RecordedModelAdmin):
    steps = (ASK, GIVE)
    list_display = (
        "title",
        "question",
        "state_label",
        "claims_counted",
        "team_shown",
        "visibility_label",
        "occurred",
        "updated_at",
    )
    brief = ("state_label", "visibility_label")
    sortable_by = ("title", "occurred", "updated_at")
    list_filter = (StateFilter, TeamFilter, ChoiceFilter.of("visibility", Visibility))
    search_fields = ("title", "question", "summary", "place")
    search_help_text = "Search by title, question, summary or place."
    fieldsets = (
        (None, {"fields": ["title", "question"]}),
        (
            "Summary, time and place",
            {
                "fields": ["summary", ("occurred_on", "place")],
                "classes": ["collapse"],
                "description": "What happened, in neutral words, when and where.",
            },
        ),
        (
            "Who may see it",
            {
                "fields": ["visibility", "slug"],
                "classes": ["collapse"],
                "description": "A restricted dispute and all that belongs to it exists for its members alone.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if self.in_list(request):
            rows = rows.annotate(
                claim_count=claims_counted("dispute"),
                published_count=claims_counted("dispute", status=ClaimStatus.PUBLISHED),
            )
        return rows

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(abandoned_view)
        return [path("abandoned/", page, name="claims_dispute_abandoned"), *super().get_urls()]

    def get_view_on_site_url(self, obj: Dispute | None = None) -> str | None:
        return f"/disputes/{obj.slug}/" if obj is not None and self.public(obj) else None

    def get_inlines(self, request: HttpRequest, obj: Dispute | None) -> Any:
        restricted = obj is not None and obj.visibility == Visibility.RESTRICTED
        return (QuestionInline, NewClaimInline, *((MemberInline,) if restricted else ()))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Claim:
            # Its questions are saved before: the new claims answer the only one.
            dispute = form.instance
            if not change and not Question.objects.filter(dispute=dispute).exists():
                ask_first_question(dispute)
            question = only_question(dispute)
            for row in formset.extra_forms:
                row.instance.question = question
        super().save_formset(request, form, formset, change)

    def buttons(self, request: HttpRequest, row: Dispute) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        if request.user.has_perm("claims.add_claim"):
            made.append(button("Add claim", add_url(Claim, dispute=row.pk), icon="add_comment"))
        if request.user.has_perm("claims.add_evidence"):
            made.append(button("Add evidence", add_url(Evidence, dispute=row.pk), icon="fingerprint"))
        return [*made, export_menu("dispute", row.pk, row.slug)]

    def closed(self, user: Reader, obj: Dispute) -> str:
        said = super().closed(user, obj)
        return f"{said} You can still add claims and evidence to it." if said else ""

    def trail(self, request: HttpRequest, row: Dispute) -> QuerySet:
        own = Q(object_type="dispute", object_id=str(row.pk)) | Q(object_type="disputemember", dispute_id=row.pk)
        own |= Q(object_type="question", dispute_id=row.pk)
        return trail_for(request.user).filter(own | Q(object_type="claim", dispute_id=row.pk)).order_by("-id")

    def panel(self, request: HttpRequest, row: Dispute) -> dict[str, Any]:
        return _PANELS.answer(request.user, lambda: self.make_panel(request, row), row.pk)

    def make_panel(self, request: HttpRequest, row: Dispute) -> dict[str, Any]:
        """The claims of the dispute, its state and its timeline."""
        dossier = load_dispute(row, request.user)
        may_add = request.user.has_perm("claims.add_claim")
        may_state, may_correct = request.user.has_perm("claims.add_attribution"), request.user.has_perm(CORRECT)
        groups = [
            (
                question,
                dossier.claims_on(question),
                TONES.get(question.state.code, "plain"),
                add_url(Claim, dispute=row.pk, question=question.id) if may_add else "",
            )
            for question in dossier.questions
        ]
        numbers = {claim.id: claim.number for claim in dossier.claims if claim.status.code != ClaimStatus.WITHDRAWN}
        return {
            "panel_template": "admin/claims/dispute_panel.html",
            "words": terms("rival", "origin", "settled", "contested", "open", "under-review"),
            "dossier": dossier,
            "breaches": load_breaches(numbers, request.user, numbers),
            "state_tone": TONES.get(dossier.dispute.state.code, "plain"),
            "visibility_label": label_of(row, "visibility"),
            "tones": TONES,
            "groups": groups,
            "circumstances": dossier.claims_on(None),
            "add_claim": add_url(Claim, dispute=row.pk) if may_add else "",
            "claims_list": list_url(Claim, dispute=row.pk),
            "evidence_list": list_url(Evidence, dispute=row.pk),
            "statement": f"{add_url(Attribution)}?{urlencode(back_to(row))}" if may_state else "",
            "closed_status": "" if may_correct or row.visibility != Visibility.PUBLIC else ClaimStatus.PUBLISHED.value,
            "weigh_url": admin_url(row, "weigh") if may_weigh(request.user) else "",
            "picture": picture_of(dossier.timeline),
        }

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        questions = load_states_of(shown.result_list)
        teams = teams_with("dispute", [dispute.pk for dispute in shown.result_list])
        for dispute in shown.result_list:
            team = teams.get(dispute.pk)
            dispute.parts = DisputeParts(questions=questions[dispute.pk], team=team.name if team is not None else "")
        return shown

    @admin.display(description="state")
    def state_label(self, dispute: Dispute) -> Any:
        assert dispute.state is not None
        assert dispute.parts is not None
        words = dispute_sentence(states_in(dispute.parts.questions))
        return format_html("{} {}", badge(QuestionState(dispute.state).label, TONES[dispute.state]), words)

    @admin.display(description="claims")
    def claims_counted(self, dispute: Any) -> str:
        return f"{dispute.claim_count} ({dispute.published_count} published)"

    @admin.display(description="team")
    def team_shown(self, dispute: Dispute) -> str:
        return (dispute.parts.team if dispute.parts is not None else "") or "–"

    @admin.display(description="visibility")
    def visibility_label(self, dispute: Dispute) -> Any:
        return label_of(dispute, "visibility")

    @admin.display(description="occurred on", ordering="occurred_on")
    def occurred(self, dispute: Dispute) -> str:
        return edtf.in_words(dispute.occurred_on) or "–"
