"""What an older version handed out stays valid: secrets of receivers, signed addresses, signatures of bundles.

The names that go into them look like modules, and modules move; these must not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.exports.file import make_link
from claims.exports.verify import sign_manifest
from claims.models import Export
from factcheck.webhooks.models import Webhook
from factcheck.webhooks.signing import secret_of


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.SECRET_KEY = "k" * 64
    settings.FACTCHECK_BASE_URL = ""


def test_secret_of_a_receiver_is_what_it_was() -> None:
    assert secret_of(Webhook(pk=7, secret_generation=2)) == "whsec_TRr1TFBC3pWQrCRdyi5zqpMUcDFtk+UnlHN2Y/TbPCU="


def test_address_of_a_kept_export_is_what_it_was() -> None:
    export = Export(pk=7, file="exports/7.csv", expires_at=timezone.now() + timedelta(days=1))
    assert make_link(export) == "/exports/7.SO7D3R4RaLdf92dB_wfKe2-Xpt-K4vreX3wYuACX2Xo/"


def test_signature_of_a_bundle_is_what_it_was() -> None:
    assert sign_manifest({"bundle": 1}) == "4a778e8599dd1e30e14ebeeb52810a69c51d0c4545e16cdf32eff64a9866fc69"
