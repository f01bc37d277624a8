"""The desk's pages for questions: what a dispute asks, and the answer of the desk in two steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from claims.admin.labels import TONES, claims_counted
from claims.choices import ClaimStatus, QuestionState
from claims.models import Claim, Dispute, Question
from claims.reports.load.questions import load_states
from claims.rules.question_state import questions_in
from claims.services import draft_answer, publish_answer, return_answer
from factcheck.admin import ChoiceFilter, RecordedModelAdmin, Step, VisibleFilter, link_to, text_form
from factcheck.admin.links import add_url, badge
from factcheck.admin.steps import button
from factcheck.base.people import Reader

ANSWER = "What the desk answers, in a few sentences: the bottom line of the report."
TWO_PEOPLE = "An answer takes two people: you wrote it, so somebody else has to publish it."


def _facts(question: Question) -> list[tuple[str, Any]]:
    return [
        ("Question", question.text),
        ("Published answer", question.answer),
        ("Answer that waits", question.answer_draft),
        ("New wording that waits", question.text_draft),
    ]


def _mine(user: Reader, question: Question) -> list[str]:
    return [TWO_PEOPLE] if question.answer_draft_author_id == user.pk else []


def _may_draft(user: Reader, question: Question) -> bool:
    return question.pk is not None and user.has_perm("claims.draft_answer")


class AnswerForm(text_form("text", "Answer", ANSWER)):  # type: ignore[misc]
    question_text = forms.CharField(
        label="New wording of the question",
        help_text="Only where the question gets one. It takes it on when the answer is published.",
        max_length=1_000,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )


DRAFT = Step(
    name="draft-answer",
    label="Draft the answer",
    says="Your answer in words waits for a second person, who publishes it. The published one stands until then.",
    run=lambda *, actor, row, **given: draft_answer(actor=actor, question=row, **given),
    done="The answer waits:",
    offered=_may_draft,
    form=AnswerForm,
    icon="edit_note",
    context=_facts,
)
PUBLISH = Step(
    name="publish-answer",
    label="Publish the answer",
    says="Whoever may read the dispute reads the answer, as the bottom line of the question.",
    run=lambda *, actor, row: publish_answer(actor=actor, question=row),
    done="Answered:",
    offered=lambda user, row: bool(row.answer_draft) and user.has_perm("claims.publish_answer"),
    violations=_mine,
    icon="publish",
    variant=ActionVariant.PRIMARY,
    context=_facts,
)
RETURN = Step(
    name="return-answer",
    label="Return the answer",
    says="No answer waits any more; your note is in the history.",
    run=lambda *, actor, row, note: return_answer(actor=actor, question=row, note=note),
    done="Returned:",
    offered=lambda user, row: bool(row.answer_draft) and user.has_perm("claims.draft_answer"),
    form=text_form("note", "Note", "Why the answer is not published."),
    icon="reply",
    context=_facts,
)


class StateFilter(ChoiceFilter):
    title, parameter_name, field = "state", "state", "state"
    options = tuple(QuestionState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return questions_in(queryset, self.value() or "") if self.value() is not None else queryset


@admin.register(Question)
class QuestionAdmin(RecordedModelAdmin):
    steps = (DRAFT, PUBLISH, RETURN)
    list_display = ("text", "dispute_link", "order", "state_label", "claims_counted", "updated_at")
    brief = ("state_label", "dispute_link")
    list_select_related = ("dispute",)
    sortable_by = ("dispute_link",)
    list_filter = (StateFilter, VisibleFilter.of("dispute", Dispute))
    search_fields = ("text", "dispute__title")
    search_help_text = "Search by the question or the title of its dispute."
    autocomplete_fields = ("dispute",)
    prefilled = ("dispute",)
    fieldsets = (
        (None, {"fields": ["dispute", "text", "order"]}),
        (
            "Its claims",
            {
                "fields": ["exclusive", "exhaustive"],
                "description": "Claims of an exclusive question are rivals, unless one refines or repeats the other or "
                "the two are related as compatible.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if self.in_list(request):
            rows = rows.annotate(
                claim_count=claims_counted("question"),
                published_count=claims_counted("question", status=ClaimStatus.PUBLISHED),
            )
        return rows

    def buttons(self, request: HttpRequest, row: Question) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        if request.user.has_perm("claims.add_claim"):
            made.append(
                button("Add claim", add_url(Claim, dispute=row.dispute_id, question=row.pk), icon="add_comment")
            )
        return made

    def panel(self, request: HttpRequest, row: Question) -> dict[str, Any]:
        load_states([row])
        assert row.found is not None
        return {
            "panel_template": "admin/claims/question_panel.html",
            "question": row,
            "found": row.found,
            "state_label": QuestionState(row.found.state).label,
            "state_tone": TONES[row.found.state],
            "claims": Claim.objects.visible_to(request.user).filter(question=row).order_by("pk")[:60],
        }

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        load_states(list(shown.result_list))
        return shown

    @admin.display(description="dispute", ordering="dispute_id")
    def dispute_link(self, question: Question) -> Any:
        return link_to(question.dispute)

    @admin.display(description="state")
    def state_label(self, question: Question) -> Any:
        assert question.found is not None
        return badge(QuestionState(question.found.state).label, TONES[question.found.state])

    @admin.display(description="claims")
    def claims_counted(self, question: Any) -> str:
        return f"{question.claim_count} ({question.published_count} published)"
