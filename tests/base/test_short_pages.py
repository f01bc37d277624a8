"""Pages of the desk are sent in fewer bytes, and say the same."""

from __future__ import annotations

from benchmarks import short as made
from factcheck.base.http import short

LOOKS = sorted(next(iter(short.known().values())), key=len)


def test_the_stylesheet_is_that_of_the_theme() -> None:
    assert short.SHEET.read_text(encoding="utf-8") == made.sheet(short.known().values())


def test_many_classes_become_one_and_what_scripts_go_by_stays() -> None:
    name = short.name_of(LOOKS)
    given = f'<p class="field-name {" ".join(LOOKS)} active-one">A</p>'
    assert short.shorten(given.encode()).decode() == f'<p class="{name} field-name active-one">A</p>'
    # What a script takes off has to be there by itself, and a set that the stylesheet does not know as well.
    for classes in (f"hidden {' '.join(LOOKS)}", " ".join(LOOKS[1:]), "x" * 80):
        page = f'<p class="{classes}">A</p>'.encode()
        assert short.shorten(page) == page


def test_blanks_go_where_they_say_nothing() -> None:
    assert short.shorten(b"<p>\n      A  b \n\n c\n   </p>  \n  <b>") == b"<p>\nA  b \n\n c\n</p>\n<b>"
    for kept in (
        b"<textarea rows=3>\n  A\n\n  b</textarea>",
        b"<pre>  A\n\n  b\n </pre>",
        b"<script>\n  let a;\n</script>",
        b'<div class="desk-text"><p>\n  A\n  </p></div>',
    ):
        assert short.shorten(kept) == kept


def test_no_class_stands_for_what_a_script_or_a_stylesheet_of_ours_goes_by() -> None:
    assert short.looks() <= made.of_looks()
