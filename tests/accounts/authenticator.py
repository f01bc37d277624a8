"""A passkey in software: it answers what a page asks a browser with, as browsers do, honest unless a test asks for a
lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.accounts.provider import b64

PRESENT, WITH_KEY = 0x01, 0x40


class Authenticator:
    """One key, of one host, which counts; at 0 it does not."""

    def __init__(self, origin: str, host: str, count: int = 1) -> None:
        self.origin, self.host, self.count = origin, host, count
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str, **said: Any) -> str:
        """What `navigator.credentials.create` gives, as JSON."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        stated = {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | WITH_KEY) + made}
        told = {"attestationObject": b64(cbor2.dumps(stated)), "transports": ["usb", "nfc"]}
        return self._answer(self._client("webauthn.create", options, said), told)

    def get(self, options: str, **said: Any) -> str:
        """What `navigator.credentials.get` gives, as JSON."""
        self.count += bool(self.count)
        client, data = self._client("webauthn.get", options, said), self._data(PRESENT)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, {"authenticatorData": b64(data), "signature": b64(signature)})

    def _client(self, kind: str, options: str, said: dict[str, Any]) -> bytes:
        told = {
            "type": kind,
            "challenge": json.loads(options)["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps({**told, **said}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, client: bytes, told: dict[str, Any]) -> str:
        response = {"clientDataJSON": b64(client), **told}
        return json.dumps({"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response})
