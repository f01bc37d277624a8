"""The desk's pages for attributions."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from claims.admin.labels import quote_label, short, standing_label
from claims.admin.selectors import SelectorField
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import QuoteState, Stance
from claims.logic.verbs import OLDER
from claims.logic.wording import quote_warnings
from claims.models import Attribution, Dispute
from claims.models.attribution import SAME_CLAIM, AttributionQuerySet
from factcheck.admin import ChoiceFilter, VisibleFilter, WithdrawnFilter, YesNoFilter, link_to
from factcheck.admin.formfields import OVERRIDES
from factcheck.admin.forms import RecordedForm, RecordedRowForm
from factcheck.admin.links import add_url
from factcheck.admin.steps import button
from factcheck.base import edtf
from sources.models import Source

FIELD_OVERRIDES = {
    **OVERRIDES,
    models.JSONField: {
        "form_class": SelectorField,
        "widget": UnfoldAdminTextInputWidget(attrs={"placeholder": "p. 12, 00:01:30-00:02:00 or the words as printed"}),
    },
}
WORDS = ["quote", ("quote_language", "translator"), "translation"]
CHAIN = ["on_behalf_of", "relayed_from", "joint_with"]
PLACE = ["document", "selector"]
UNNAMED = ["anonymous", "anonymous_reason"]


class CurrentVerbs(RecordedRowForm):
    """Offers no verb that stands on older rows only, but leaves such a row the one that it has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stance: Any = self.fields.get("stance")
        if stance is not None and self.instance.stance not in OLDER:
            # Of what is offered alone: who sends such a verb all the same is told by the model which to choose.
            stance.widget.choices = [(code, label) for code, label in stance.choices if code not in OLDER]


class AttributionForm(CurrentVerbs, RecordedForm):
    """The page of one statement."""


_CLAIMS: WeakKeyDictionary[HttpRequest, int | None] = WeakKeyDictionary()
"""The claim that a request is about, once it was asked for; it goes with the request."""


def claim_known_to(request: HttpRequest) -> int | None:
    """The claim of the attribution in hand, where the address or the form already says it; asked once a request."""
    if request not in _CLAIMS:
        _CLAIMS[request] = _claim_known_to(request)
    return _CLAIMS[request]


def _claim_known_to(request: HttpRequest) -> int | None:
    match = request.resolver_match
    if match is not None and (object_id := match.kwargs.get("object_id", "")).isdecimal() and len(object_id) <= 18:
        return Attribution.objects.filter(pk=int(object_id)).values_list("claim_id", flat=True).first()
    given = request.POST.get("claim") or request.GET.get("claim") or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 18 else None


class QuoteWarningFilter(YesNoFilter):
    title, parameter_name = "warning on the quote", "warned"
    yes, no = "Something to know of it", "Nothing to know of it"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        assert isinstance(queryset, AttributionQuerySet)
        found = {"yes": queryset.warned, "no": queryset.not_warned}
        return found.get(self.value() or "", lambda: queryset)()


@admin.register(Attribution)
class AttributionAdmin(WithdrawableAdmin):
    form = AttributionForm
    formfield_overrides = FIELD_OVERRIDES
    list_display = ("source", "stance_label", "claim_link", "said", "relayed", "printed_in", "quote_state", "standing")
    brief = ("stance_label", "claim_link")
    list_display_links = ("source",)
    list_select_related = ("source", "claim", "document", "relayed_from__source", "relayed_from__claim", "quote_check")
    label_related = ("source", "claim")
    named_only = ("source", "claim", "document")
    sortable_by = ("claim_link", "said", "printed_in")
    list_filter = (
        ChoiceFilter.of("stance", Stance),
        VisibleFilter.of("source", Source),
        VisibleFilter.of("claim__dispute", Dispute),
        ChoiceFilter.of("quote_check__state", QuoteState, title="quote", parameter="quote"),
        QuoteWarningFilter,
        WithdrawnFilter,
    )
    search_fields = ("source__name", "claim__text", "quote")
    search_help_text = "Search by source, claim or quote."
    autocomplete_fields = ("claim", "source", "on_behalf_of", "document")
    public_with = ("claim",)
    belongs_to = "claim"
    prefilled = ("claim", "source", "document", "relayed_from")
    fieldsets = (
        (None, {"fields": ["claim", "source", "stance", "said_on", "capacity"]}),
        ("Words", {"fields": WORDS, "description": "The source's own words, and their translation."}),
        (
            "Chain",
            {
                "fields": CHAIN,
                "description": "For whom and with whom it spoke, and whose statement it passes on.",
            },
        ),
        ("Place", {"fields": PLACE, "description": "Where it was printed or recorded."}),
        (
            "Unnamed source",
            {
                "fields": UNNAMED,
                "classes": ["collapse"],
                "description": "When the work itself does not name the source.",
            },
        ),
    )

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        known = claim_known_to(request) if request.resolver_match else None
        return self.autocomplete_fields if known else (*self.autocomplete_fields, *SAME_CLAIM)

    def get_field_queryset(
        self, db: str | None, db_field: models.ForeignKey, request: HttpRequest
    ) -> models.QuerySet | None:
        rows = super().get_field_queryset(db, db_field, request)
        if rows is not None and db_field.name in SAME_CLAIM and (claim := claim_known_to(request)):
            return rows.filter(claim=claim)
        return rows

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        # Whose statement it passes on is known, so that it passes one on.
        return {"stance": Stance.RELAYS.value, **given} if "relayed_from" in given else given

    def buttons(self, request: HttpRequest, row: Attribution) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        given = {"claim": row.claim_id, "relayed_from": row.pk}
        if self.has_add_permission(request) and self.refused_before(request, given) is None:
            made.insert(0, button("Add a relay", add_url(Attribution, **given), icon="conversion_path"))
        if row.document_id:
            place = f"{reverse('read-document', args=[row.document_id])}#said-{row.pk}"
            made.append(button("Read it in the document", place, icon="article"))
        return made

    def panel(self, request: HttpRequest, row: Attribution) -> dict[str, Any]:
        check = getattr(row, "quote_check", None)
        shown = super().panel(request, row)
        if check is None:
            return shown
        return {
            **shown,
            "panel_template": "admin/claims/attribution_panel.html",
            "check": check,
            "quote_state": quote_label(row),
            "cautions": quote_warnings(check.warnings),
            "document": row.document,
        }

    @admin.display(description="quote")
    def quote_state(self, attribution: Attribution) -> Any:
        return quote_label(attribution)

    @admin.display(description="stance")
    def stance_label(self, attribution: Attribution) -> Any:
        return short(attribution, "stance")

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, attribution: Attribution) -> Any:
        return link_to(attribution.claim)

    @admin.display(description="said on", ordering="said_on")
    def said(self, attribution: Attribution) -> str:
        return edtf.in_words(attribution.said_on) or "–"

    @admin.display(description="passes on")
    def relayed(self, attribution: Attribution) -> Any:
        origin = attribution.relayed_from
        return link_to(origin, origin.source) if origin is not None else "–"

    @admin.display(description="printed in", ordering="document_id")
    def printed_in(self, attribution: Attribution) -> Any:
        return link_to(attribution.document)

    @admin.display(description="state")
    def standing(self, attribution: Attribution) -> Any:
        return standing_label(attribution)
