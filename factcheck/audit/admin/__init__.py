"""What every admin page of a recorded noun shares: visibility, versions, reasons, refusals, steps and history."""

# Importing the module opens the groups.
from factcheck.audit.admin import folds
from factcheck.audit.admin.fields import LinesField, ProseField
from factcheck.audit.admin.filters import (
    ChoiceFilter,
    LabelFilter,
    PeriodFilter,
    VisibleFilter,
    WithdrawnFilter,
    YesNoFilter,
)
from factcheck.audit.admin.forms import RecordedForm, RecordedRowForm
from factcheck.audit.admin.formsets import RecordedFormSet
from factcheck.audit.admin.inlines import ReadOnlyInline, RecordedStackedInline, RecordedTabularInline
from factcheck.audit.admin.links import badge, link_to, safe_link
from factcheck.audit.admin.modeladmin import RecordedModelAdmin
from factcheck.audit.admin.steps import Step, StepForm, text_form
from factcheck.audit.admin.webhook import WebhookAdmin, WebhookCallAdmin

__all__ = [
    "ChoiceFilter",
    "LabelFilter",
    "LinesField",
    "PeriodFilter",
    "ProseField",
    "ReadOnlyInline",
    "RecordedForm",
    "RecordedFormSet",
    "RecordedModelAdmin",
    "RecordedRowForm",
    "RecordedStackedInline",
    "RecordedTabularInline",
    "Step",
    "StepForm",
    "VisibleFilter",
    "WebhookAdmin",
    "WebhookCallAdmin",
    "WithdrawnFilter",
    "YesNoFilter",
    "badge",
    "folds",
    "link_to",
    "safe_link",
    "text_form",
]
