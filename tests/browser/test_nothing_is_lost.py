"""What is typed into a form of the desk is there after a session that ended, a browser that died, a refusal."""

from __future__ import annotations

import time

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from claims.models import Assessment, Claim
from factcheck.accounts.factor import _totp, new_nonce, set_up
from sources.models import Source
from tests import factories as make
from tests.browser.conftest import BROWSER, PATIENCE
from tests.browser.test_desk_day import PASSWORD, Desk, desks
from tests.browser.test_desk_entry import is_accessible

pytestmark = BROWSER
__all__ = ["desks"]


def drafts(desk: Desk) -> int:
    return int(desk.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk-draft:')).length"))


def typed(desk: Desk, number: int = 1) -> None:
    """Wait until so many forms are kept."""
    desk.page.wait_for_function(
        f"Object.keys(localStorage).filter((key) => key.startsWith('desk-draft:')).length === {number}"
    )


def test_what_was_typed_is_saved_after_the_session_ended(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    make.make_dispute("The bridge")
    ann.go("/admin/claims/claim/add/")
    ann.page.fill("#id_text", "The bridge fell at noon.")
    typed(ann)
    Session.objects.all().delete()
    ann.press("Save and continue editing")
    ann.sees("Your session has ended")
    # Neither a wrong password nor somebody else's.
    for name, password, words in (
        ("ann", "wrong", "not the name and password"),
        ("vera", PASSWORD, "logged in as somebody else"),
    ):
        ann.page.fill("dialog [name=username]", name)
        ann.page.fill("dialog [name=password]", password)
        ann.press("Log in and save")
        ann.sees(words)
    ann.page.fill("dialog [name=username]", "ann")
    ann.page.fill("dialog [name=password]", PASSWORD)
    ann.press("Log in and save")
    ann.sees("successfully")
    assert Claim.objects.get().text == "The bridge fell at noon."
    assert drafts(ann) == 0
    # With a second factor a code is asked in the same place.
    owner, nonce = User.objects.get(username="ann"), new_nonce()
    wanted, *_others = set_up(owner, nonce, _totp(owner, nonce).generate(int(time.time())).decode())
    ann.go("/admin/claims/claim/add/")
    ann.page.fill("#id_text", "The bridge fell at one.")
    typed(ann)
    Session.objects.all().delete()
    ann.press("Save and continue editing")
    ann.page.fill("dialog [name=username]", "ann")
    ann.page.fill("dialog [name=password]", PASSWORD)
    ann.press("Log in and save")
    for code in ("wrong", wanted):
        ann.page.fill("dialog [name=code]", code)
        ann.press("Log in and save")
        if code == "wrong":
            ann.sees("That is not the code")
    ann.sees("successfully")
    assert Claim.objects.filter(text="The bridge fell at one.").exists()


def test_what_was_typed_is_offered_again_after_the_browser_died(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    claim = make.make_claim("The bridge fell at noon.")
    path = f"/admin/claims/claim/{claim.pk}/change/"
    ann.go(path)
    ann.page.fill("#id_text", "The bridge fell at one.")
    typed(ann)
    context = ann.page.context
    ann.page.close()
    ann.page = context.new_page()
    ann.page.set_default_timeout(PATIENCE)
    claim.text = "The bridge fell before noon."
    claim.save()
    ann.page.goto(ann.address + path)
    ann.sees("The row was changed since: compare before you save.")
    assert ann.page.input_value("#id_text") == "The bridge fell before noon."
    ann.press("Put it back")
    assert ann.page.input_value("#id_text") == "The bridge fell at one."
    # A refusal keeps it, a save forgets it.
    ann.page.fill("#id_text", "")
    ann.press("Save")
    ann.sees("This field is required.")
    assert drafts(ann) == 1
    ann.page.fill("#id_text", "The bridge fell at one.")
    ann.press("Save")
    ann.sees("successfully")
    assert drafts(ann) == 0
    assert ann.page.get_by_text("did not save it").count() == 0


def test_rows_that_were_added_to_a_form_are_put_back_too(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    ann.go("/admin/claims/dispute/add/")
    ann.page.fill("#id_title", "The bridge")
    ann.page.locator("#claims-group a.add-row").click()
    ann.page.fill("#id_claims-2-text", "Rust did it.")
    typed(ann)
    context = ann.page.context
    ann.page.close()
    ann.page = context.new_page()
    ann.page.set_default_timeout(PATIENCE)
    ann.page.goto(f"{ann.address}/admin/claims/dispute/add/")
    ann.press("Put it back")
    assert ann.page.input_value("#id_title") == "The bridge"
    assert ann.page.input_value("#id_claims-2-text") == "Rust did it."


def test_a_shared_machine_keeps_nothing_of_who_left_and_no_withheld_name(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    ann.go("/admin/sources/source/add/")
    ann.page.fill("#id_name", "A man in the yard")
    typed(ann)
    ann.page.evaluate("document.getElementById('id_withheld').click()")
    typed(ann, 0)
    ann.page.evaluate("document.getElementById('id_withheld').click()")
    typed(ann)
    ann.page.on("dialog", lambda dialog: dialog.accept())
    ann.page.evaluate("document.getElementById('logout-form').requestSubmit()")
    ann.page.wait_for_url("**/logout/**")
    assert drafts(ann) == 0
    assert not Source.objects.exists()


def test_two_people_change_one_claim_and_each_chooses(desks: tuple[Desk, Desk]) -> None:
    ann, vera = desks
    claim = make.make_claim("The bridge fell at noon.", tags=["water"])
    for desk in desks:
        desk.go(f"/admin/claims/claim/{claim.pk}/change/")
    vera.page.fill("#id_text", "The bridge fell before noon.")
    vera.page.locator("#id_tags").evaluate("field => { field.value = 'air'; }")  # in a fold
    vera.save()
    ann.page.fill("#id_text", "The bridge fell at one.")
    ann.press("Save")
    ann.sees("This claim was changed by Vera Voss")
    ann.sees("What only they changed is taken over: Tags.")
    assert ann.page.input_value("#id_tags") == "air"
    assert ann.page.input_value("#id_text") == "The bridge fell at one."
    theirs = ann.page.get_by_role("button", name="Take theirs: Text")
    theirs.click()
    assert ann.page.input_value("#id_text") == "The bridge fell before noon."
    ann.page.get_by_role("button", name="Take yours back: Text").click()
    assert ann.page.input_value("#id_text") == "The bridge fell at one."
    is_accessible(ann.page, "#content")
    ann.save()
    claim.refresh_from_db()
    assert (claim.text, claim.tags) == ("The bridge fell at one.", ["air"])


def test_who_presses_save_twice_enters_once(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    ann.go("/admin/claims/claim/add/")
    ann.page.fill("#id_text", "The bridge fell at noon.")
    with ann.page.expect_navigation():
        ann.page.get_by_role("button", name="Save and continue editing", exact=True).dblclick()
    ann.sees("successfully")
    assert Claim.objects.count() == 1


def test_what_was_typed_is_there_after_the_back_button(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    ann.page.on("dialog", lambda asked: asked.accept())
    ann.go("/admin/claims/claim/add/")
    ann.page.fill("#id_text", "The bridge fell at noon.")
    typed(ann)
    ann.page.goto(f"{ann.address}/admin/")
    ann.page.go_back()
    if ann.page.input_value("#id_text") != "The bridge fell at noon.":
        ann.press("Put it back")
    assert ann.page.input_value("#id_text") == "The bridge fell at noon."
    ann.save()
    assert Claim.objects.get().text == "The bridge fell at noon."


def test_a_sheet_saves_each_cell_and_takes_it_back(desks: tuple[Desk, Desk]) -> None:
    ann, _vera = desks
    dispute = make.make_dispute("The bridge")
    evidence = make.make_evidence("Weighbridge record")
    for text in ("A lorry did it.", "Rust did it."):
        make.make_link(make.make_claim(text, dispute=dispute), evidence=evidence)
    ann.go(f"/admin/claims/dispute/{dispute.pk}/weigh/")
    ann.sees("Each choice is saved at once.")
    first, second = ann.page.locator("#weigh_form select").all()
    first.select_option("C")
    ann.page.get_by_text("Saved.").wait_for()
    second.select_option("VI")
    ann.page.locator(".desk-cell-state", has_text="Saved.").nth(1).wait_for()
    assert sorted(Assessment.objects.values_list("rating", flat=True)) == ["C", "VI"]
    is_accessible(ann.page, "#content")
    ann.page.get_by_role("button", name="Undo").first.click()
    ann.page.locator(".desk-cell-state", has_text="Undone.").wait_for()
    assert (first.input_value(), list(Assessment.objects.values_list("rating", flat=True))) == ("", ["VI"])
    assert drafts(ann) == 0

    # A session that ended is told, and the one Save below asks for the log-in and loses nothing.
    Session.objects.all().delete()
    first.select_option("I")
    ann.sees("Not saved: your session has ended.")
    ann.press("Save my ratings")
    ann.page.fill("dialog [name=username]", "ann")
    ann.page.fill("dialog [name=password]", PASSWORD)
    with ann.page.expect_navigation():
        ann.press("Log in and save")
    assert sorted(Assessment.objects.values_list("rating", flat=True)) == ["I", "VI"]
