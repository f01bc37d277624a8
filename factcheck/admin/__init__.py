"""What every admin page of a recorded noun shares: visibility, versions, reasons, refusals, steps and history."""

# Importing the module opens the groups.
from factcheck.admin import folds
from factcheck.admin.fields import LinesField, ProseField
from factcheck.admin.filters import ChoiceFilter, LabelFilter, PeriodFilter, VisibleFilter, WithdrawnFilter, YesNoFilter
from factcheck.admin.forms import RecordedForm, RecordedRowForm
from factcheck.admin.formsets import RecordedFormSet
from factcheck.admin.inlines import ReadOnlyInline, RecordedStackedInline, RecordedTabularInline
from factcheck.admin.links import badge, link_to, safe_link
from factcheck.admin.modeladmin import RecordedModelAdmin
from factcheck.admin.steps import Step, StepForm, text_form
from factcheck.admin.tokens import AuthTokenAdmin, OwnTokenAdmin
from factcheck.admin.users import GroupAdmin, UserAdmin

__all__ = [
    "AuthTokenAdmin",
    "ChoiceFilter",
    "GroupAdmin",
    "LabelFilter",
    "LinesField",
    "OwnTokenAdmin",
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
    "UserAdmin",
    "VisibleFilter",
    "WithdrawnFilter",
    "YesNoFilter",
    "badge",
    "folds",
    "link_to",
    "safe_link",
    "text_form",
]
