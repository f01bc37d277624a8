"""The chain as functions: what its hashes cover, how values are spelled in them, and who acts."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser, User
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.audit import followers
from factcheck.audit.chain import GENESIS, canonical_row, digest_of, hash_of, plain
from factcheck.audit.context import Context, acting, current
from factcheck.audit.kept import Answer, Attempt
from factcheck.audit.models import AuditEntry
from factcheck.models.versions import join, join_many
from sources.models import Source
from tests.audit.conftest import breaks
from tests.factories import make_claim

AT = datetime(2025, 7, 1, 14, 5, tzinfo=UTC)
HASHED: dict[str, tuple[Any, Any]] = {
    "id": (7, 8),
    "at": (AT, AT + timedelta(microseconds=1)),
    "action": ("claim.created", "claim.changed"),
    "actor_id": (3, None),
    "object_type": ("claim", "verdict"),
    "object_id": ("5", "6"),
    "dispute_id": (1, 2),
    "claim_id": (5, None),
    "history_id": (9, 10),
    "request_id": ("abc", "abd"),
    "digest": ("d" * 64, "e" * 64),
}
DIGESTED: dict[str, tuple[Any, Any]] = {
    "salt": ("a" * 32, "b" * 32),
    "object_label": ("A label", "Another"),
    "reason": ("A reason", ""),
    "actor_name": ("Ann", "Ann "),
    "changes": (["text"], ["text", "note"]),
}


def entry(**values: Any) -> AuditEntry:
    whole = {name: first for name, (first, _second) in (HASHED | DIGESTED).items()}
    return AuditEntry(**whole | values)


@pytest.mark.parametrize("name", HASHED)
def test_the_hash_covers_each_lasting_field(name: str) -> None:
    assert hash_of(entry(), GENESIS) == hash_of(entry(), GENESIS)
    assert hash_of(entry(**{name: HASHED[name][1]}), GENESIS) != hash_of(entry(), GENESIS)


def test_the_hash_covers_that_of_the_entry_before() -> None:
    assert hash_of(entry(), "1" * 64) != hash_of(entry(), GENESIS)


@pytest.mark.parametrize("name", DIGESTED)
def test_the_digest_covers_what_may_be_erased_and_the_hash_does_not(name: str) -> None:
    changed = entry(**{name: DIGESTED[name][1]})
    assert digest_of(changed, None) != digest_of(entry(), None)
    assert hash_of(changed, GENESIS) == hash_of(entry(), GENESIS)


def test_every_column_of_an_entry_is_covered_by_one_of_the_two() -> None:
    columns = {field.attname for field in AuditEntry._meta.concrete_fields}
    assert columns == {*HASHED, *DIGESTED, "hash"}


def test_the_hash_is_that_of_a_json_list_which_anybody_can_reckon() -> None:
    listed = [
        GENESIS,
        7,
        "2025-07-01T14:05:00.000000+00:00",
        "claim.created",
        3,
        "claim",
        "5",
        1,
        5,
        9,
        "abc",
        "d" * 64,
    ]
    text = json.dumps(listed, separators=(",", ":"))
    assert hash_of(entry(), GENESIS) == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_is_that_of_the_salt_and_a_json_object_which_anybody_can_reckon() -> None:
    payload = {"actor": "Ann", "changes": ["text"], "label": "Ä", "reason": "A reason", "row": None}
    text = "a" * 32 + json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest_of(entry(object_label="Ä"), None) == hashlib.sha256(text.encode()).hexdigest()


def test_a_row_and_no_row_differ() -> None:
    assert digest_of(entry(), Source(pk=1, name="A")) != digest_of(entry(), None)


@pytest.mark.parametrize("name", ["name", "slug", "kind", "description", "version", "withheld"])
def test_the_digest_covers_the_columns_of_the_row(name: str) -> None:
    one = Source(pk=1, name="A")
    other = Source(pk=1, name="A")
    setattr(other, name, "other" if isinstance(getattr(one, name), str) else 77)
    assert digest_of(entry(), one) != digest_of(entry(), other)


def test_a_lone_surrogate_does_not_stop_the_trail() -> None:
    assert digest_of(entry(reason="\ud800"), None) != digest_of(entry(reason="\udfff"), None)


def test_a_row_is_spelled_by_its_columns() -> None:
    row = canonical_row(Source(pk=1, name="A", part_of_id=2))
    assert row.keys() == {field.attname for field in Source._meta.concrete_fields}
    assert (row["id"], row["name"], row["part_of_id"]) == (1, "A", 2)
    json.dumps(row)


# --- values ---


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, None),
        (True, True),
        (0, 0),
        (1.5, 1.5),
        ("text", "text"),
        (["a", 1], ["a", 1]),
        (("a", 1), ["a", 1]),
        ({"a": 1}, {"a": 1}),
        (AT, "2025-07-01T14:05:00.000000+00:00"),
        (AT.astimezone(timezone(timedelta(hours=5, minutes=30))), "2025-07-01T14:05:00.000000+00:00"),
        (date(2025, 7, 1), "2025-07-01"),
        (Decimal("1.500"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("-12.50"), "-12.5"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_value_is_spelled_as_json_has_it(value: Any, spelled: Any) -> None:
    assert plain(value) == spelled
    assert type(plain(value)) is type(spelled)


AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13), max_value=10**13)


@given(AMOUNTS, st.integers(0, 4))
@settings(max_examples=40)
def test_equal_numbers_are_spelled_alike_and_read_back_as_themselves(number: Decimal, zeros: int) -> None:
    longer = Decimal(f"{number:f}" + "0" * zeros)
    assert plain(longer) == plain(number)
    assert Decimal(plain(number)) == number


@given(AMOUNTS, AMOUNTS)
@settings(max_examples=40)
def test_different_numbers_are_spelled_differently(one: Decimal, other: Decimal) -> None:
    assert (plain(one) == plain(other)) == (one == other)


MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
@settings(max_examples=40)
def test_a_moment_is_spelled_alike_in_every_zone(moment: datetime, minutes: int) -> None:
    spelled = plain(moment.astimezone(timezone(timedelta(minutes=minutes))))
    assert spelled == plain(moment)
    assert datetime.fromisoformat(spelled) == moment
    assert len(spelled) == len("2025-07-01T14:05:00.000000+00:00")


def test_a_zero_with_a_sign_is_stored_without_and_the_trail_holds(register: None) -> None:
    claim = make_claim()
    claim.quantity_min = claim.quantity_max = Decimal("-0")
    claim.quantity_unit = "people"
    claim.save()
    assert breaks() == []


# --- who acts ---


def test_without_a_context_the_system_acts_and_gives_no_reason() -> None:
    assert current() == Context(None, "", "")
    assert current().user() is None


@pytest.mark.parametrize("actor", [None, AnonymousUser(), lambda: None, AnonymousUser])
def test_who_is_not_signed_in_is_nobody(actor: Any) -> None:
    assert Context(actor=actor).user() is None


def test_an_actor_may_be_named_later() -> None:
    person = User(username="ann")
    found: list[Any] = []
    context = Context(actor=lambda: found[0] if found else None)
    assert context.user() is None
    found.append(person)
    assert context.user() is person


def test_an_inner_context_keeps_what_it_is_not_given_and_ends() -> None:
    person, other = User(username="ann"), User(username="rob")
    with acting(actor=person, reason="Outer.", request_id="r1"):
        with acting(reason="Inner.") as inner:
            assert (inner.user(), inner.reason, inner.request_id) == (person, "Inner.", "r1")
            with acting(actor=other, reason="", request_id="r2"):
                assert current() == Context(other, "", "r2")
            assert current() is inner
        assert current() == Context(person, "Outer.", "r1")
        with acting(actor=None):
            assert current().user() is None, "None is the system, and not: as it was"
    assert current() == Context()


def test_a_context_ends_with_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), acting(reason="In vain."):
        raise ZeroDivisionError
    assert current().reason == ""


def test_another_thread_has_a_context_of_its_own() -> None:
    seen: list[Context] = []
    with acting(reason="Mine."):
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()
    assert seen == [Context()]


# --- followers, kept answers ---


class Noun:
    pass


class Heir(Noun):
    pass


def test_followers_are_told_of_the_rows_of_their_noun_alone_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "_followers", type(followers._followers)(list))
    told: list[tuple[str, list[Any]]] = []
    followers.follow(Noun, lambda rows: told.append(("first", list(rows))))
    followers.follow(Noun, lambda rows: told.append(("second", list(rows))))
    followers.follow(Heir, lambda rows: told.append(("heir", list(rows))))
    rows = [Noun(), Noun()]
    followers.inform_followers(rows)
    assert told == [("first", rows), ("second", rows)]
    followers.inform_followers([])
    followers.inform_followers([object()])
    assert len(told) == 2
    followers.inform_followers([Heir()])
    assert told[2][0] == "heir"


def test_the_fault_of_a_follower_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "_followers", type(followers._followers)(list))
    followers.follow(Noun, lambda rows: rows[1])
    with pytest.raises(IndexError):
        followers.inform_followers([Noun()])


def test_what_is_kept_does_not_change_and_shares_no_headers() -> None:
    with pytest.raises(AttributeError):
        Attempt(1, "k", "f", "POST /x/").key = "other"  # type: ignore[misc]
    one, other = Answer(200, b"", "text/plain"), Answer(200, b"", "text/plain")
    one.headers["ETag"] = "x"
    assert other.headers == {}


# --- references that are joined ---


def row(pk: int, target_id: int | None) -> Any:
    return SimpleNamespace(pk=pk, target_id=target_id, _state=SimpleNamespace(fields_cache={}))


@given(
    st.lists(st.none() | st.integers(0, 5), max_size=8),
    st.dictionaries(st.integers(0, 5), st.text(max_size=3), max_size=5),
)
@settings(max_examples=40)
def test_each_reference_leads_to_the_target_of_its_id_or_stays_to_be_asked_for(
    ids: list[int | None], targets: dict[int, str]
) -> None:
    rows = [row(pk, target_id) for pk, target_id in enumerate(ids)]
    join(rows, "target", targets)
    expected = [{"target": targets[key]} if key is not None and key in targets else {} for key in ids]
    assert [one._state.fields_cache for one in rows] == expected


def test_rows_without_anything_found_have_an_empty_list() -> None:
    rows = [row(1, None), row(2, None)]
    join_many(rows, "parts", {2: ["a", "b"], 3: ["c"]})
    assert [one._prefetched_objects_cache for one in rows] == [{"parts": []}, {"parts": ["a", "b"]}]
