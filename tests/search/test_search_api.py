"""What `?search=` of the lists finds, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"


def found(client: Any, search: str, address: str = CLAIMS) -> list[int]:
    response = client.get(address, {"search": search})
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("МОСКВА закрыла границу", "москва"),
        ("Die Straße ist gesperrt", "STRASSE"),
        ("İstanbul ve Diyarbakır", "istanbul diyarbakir"),
        ("Łódź, Besançon, Þórður", "lodz besancon þordur"),
        ("كَتَبَ الرَّجُلُ", "كتب الرجل"),
        ("שָׁלוֹם עֲלֵיכֶם", "שלום"),
        ("東京都は発表した", "京都"),
        ("東京都は発表した", "都"),
        ("กรุงเทพมหานคร", "เทพ"),
        ("Не е́ли ёжики", "ели ежики"),
        ("5.2% of O’Brien's a-b_c", "% o'brien a-b_c"),
    ],
)
def test_a_claim_is_found_however_it_is_spelt(ann, api, text, search):
    claim, _other = make.make_claim(text=text), make.make_claim(text="Nothing of the kind.")
    assert found(api(ann), search) == [claim.pk]
