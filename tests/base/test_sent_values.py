"""What a row under a page is sent with of each field."""

from __future__ import annotations

from typing import Any

from django import forms

from factcheck.admin.sentrows import _value

CHOICES = [("", "---"), ("Near", [("a", "A"), ("b", "B")]), (3, "Three")]


class OneForm(forms.Form):
    one = forms.ChoiceField(choices=CHOICES)
    many = forms.MultipleChoiceField(choices=CHOICES)


def sent(**initial: Any) -> Any:
    form = OneForm(initial=initial)
    return [_value(form[name]) for name in ("one", "many")]


def test_a_field_of_choices_is_sent_with_all_that_are_chosen() -> None:
    assert sent(one="b", many=["a", 3]) == [[["b", "B"]], [["a", "A"], ["3", "Three"]]]
    assert sent(one=3, many=[]) == [[["3", "Three"]], []]
    assert sent() == [[], []]
