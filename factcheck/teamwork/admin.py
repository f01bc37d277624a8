"""The desk's pages for its teams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from factcheck.admin.filters import OfferedFilter
from factcheck.admin.users import AccountAdmin
from factcheck.audit.access import DESK, is_desk, name_shown_to, people_who_may
from factcheck.teamwork.models import Team
from factcheck.teamwork.teams import MINE, chosen, given_to, teams_of


class PeopleField(forms.ModelMultipleChoiceField):
    """People of the desk, by their names."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            # More than any database has a number for, which SQLite says by this.
            raise forms.ValidationError("Choose people of the list.", code="invalid_choice") from None

    def label_from_instance(self, obj: Any) -> str:
        return name_shown_to(obj, obj)


class TeamForm(forms.ModelForm):
    members = PeopleField(
        User.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Who belongs to it. Nobody may see more by that: a restricted dispute stays its members' own.",
    )

    class Meta:
        model = Team
        fields = ("name", "about", "members")
        widgets = {"name": UnfoldAdminTextInputWidget, "about": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Q(pk__in=people_who_may(DESK).values("pk"))
        if self.instance.pk is not None:
            # Whoever has left the desk stays in it until somebody takes them out.
            people |= Q(teams=self.instance)
        field: Any = self.fields["members"]
        field.queryset = User.objects.filter(people).distinct().order_by("first_name", "last_name", "username")


@admin.register(Team)
class TeamAdmin(AccountAdmin):
    form = TeamForm
    list_display = ("name", "about", "people")
    search_fields = ("name", "about")
    fields = ("name", "about", "members")
    compressed_fields = True
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(people_count=Count("members"))

    def has_view_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return is_desk(request.user)

    @admin.display(description="people")
    def people(self, team: Any) -> int:
        return int(team.people_count)


class TeamFilter(OfferedFilter):
    """By the team to which a row, or the dispute to which it belongs, was given: `TeamFilter.of("dispute_id")`."""

    title, parameter_name, column = "team", "team", "pk"

    @classmethod
    def of(cls, column: str) -> type[TeamFilter]:
        return type("TeamFilter", (cls,), {"column": column})

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        named = [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
        return [(MINE, "My team's"), *named] if teams_of(request.user).exists() else named

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        given = given_to("dispute", chosen(request.user, str(self.value())))
        return queryset.filter(**{f"{self.column}__in": given})
