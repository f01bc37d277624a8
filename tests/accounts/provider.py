"""A small OpenID provider on this machine: real HTTP and real signatures, honest unless a test asks for a lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CLIENT, SECRET = "register", "a secret & more"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """The key of this name, made once: to make one takes long."""
    return rsa.generate_private_key(65537, 2048)


@cache
def plain_context() -> ssl.SSLContext:
    """Without the certificates of the world, which take long to read: the browser comes by HTTP."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Provider:
    """What it says of whoever comes (`claims`), and how it signs that."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.claims: dict[str, Any] = {"sub": "s-ann", "email": "ann@example.org", "email_verified": True}
        self.userinfo: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        """What it says of itself otherwise."""
        self.sign: Callable[[dict[str, Any]], str] = self.rs256
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        """What the register asked for at the token endpoint."""
        self.is_up = True
        self.rsa, self.other = rsa_key("own"), rsa_key("other")
        self.ec = ec.generate_private_key(ec.SECP256R1())

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": f"{self.address}/logout",
            # More than anybody should take.
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.described,
        }

    def keys(self) -> dict[str, Any]:
        n, point = self.rsa.public_key().public_numbers(), self.ec.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "RSA", "kid": "rsa", "use": "sig", "n": number(n.n), "e": number(n.e)},
                {"kty": "EC", "kid": "ec", "use": "sig", "crv": "P-256", "x": number(point.x), "y": number(point.y)},
            ]
        }

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        usual = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        return self.sign({name: value for name, value in {**usual, **self.claims}.items() if value is not None})

    def rs256(self, payload: dict[str, Any]) -> str:
        text = _text({"alg": "RS256", "kid": "rsa"}, payload)
        return f"{text}.{b64(self.rsa.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def foreign(self, payload: dict[str, Any]) -> str:
        text = _text({"alg": "RS256", "kid": "rsa"}, payload)
        return f"{text}.{b64(self.other.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def bringing_its_key(self, payload: dict[str, Any]) -> str:
        n = self.other.public_key().public_numbers()
        key = {"kty": "RSA", "n": number(n.n), "e": number(n.e)}
        text = _text({"alg": "RS256", "jwk": key, "jku": f"{self.address}/other", "x5u": self.address}, payload)
        return f"{text}.{b64(self.other.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def es256(self, payload: dict[str, Any]) -> str:
        text = _text({"alg": "ES256", "kid": "ec"}, payload)
        r, s = decode_dss_signature(self.ec.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def unsigned(self, payload: dict[str, Any]) -> str:
        return f"{_text({'alg': 'none'}, payload)}."

    def hs256(self, payload: dict[str, Any]) -> str:
        """Signed with what everybody can read of the key, which a careless reader takes for a shared secret."""
        pem = self.rsa.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = _text({"alg": "HS256", "kid": "rsa"}, payload)
        return f"{text}.{b64(hmac.new(pem, text.encode(), hashlib.sha256).digest())}"

    def hs256_with_secret(self, payload: dict[str, Any]) -> str:
        text = _text({"alg": "HS256", "kid": "rsa"}, payload)
        return f"{text}.{b64(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())}"

    def altered(self, payload: dict[str, Any]) -> str:
        head, _body, signature = self.rs256(payload).split(".")
        return f"{head}.{b64(json.dumps({**payload, 'sub': 's-root'}).encode())}.{signature}"

    def come_back(self, there: str) -> str:
        """What a browser does that is sent there, and is logged in: the address to which it is sent back."""
        answer = httpx.get(there, verify=plain_context())
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def _text(header: dict[str, Any], payload: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, what: Any, status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        provider, parts = self.provider, urlsplit(self.path)
        if not provider.is_up:
            self.answer({"error": "temporarily_unavailable"}, 503)
        elif parts.path == "/.well-known/openid-configuration":
            self.answer(provider.description())
        elif parts.path == "/jwks":
            self.answer(provider.keys())
        elif parts.path == "/userinfo":
            self.answer({"sub": provider.claims["sub"], **provider.userinfo})
        elif parts.path == "/authorize":
            asked = dict(parse_qsl(parts.query))
            assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (
                "code",
                CLIENT,
                "S256",
            )
            code = secrets.token_urlsafe(12)
            provider.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        provider = self.provider
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        provider.asked.append(form)
        name, _, secret = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).partition(b":")
        given = provider.codes.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (name.decode(), secret.decode()) not in {(CLIENT, SECRET), (CLIENT, "a+secret+%26+more")}:
            self.answer({"error": "invalid_client"}, 401)
        elif not given or (given["code_challenge"], given["redirect_uri"]) != (challenge, form.get("redirect_uri")):
            self.answer({"error": "invalid_grant"}, 400)
        else:
            token = {"access_token": "a-token", "token_type": "Bearer", "id_token": provider.id_token(given["nonce"])}
            self.answer(token)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who does not trust the certificate breaks off."""


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """The provider, which answers until the end of the block, by TLS where a context is given."""
    server = QuietServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {}))
    provider = Provider(f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_port}")
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.RequestHandlerClass.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
