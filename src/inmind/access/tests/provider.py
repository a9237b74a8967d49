"""A tiny OpenID Connect provider on this machine, with real keys: what an agency's own sign-in does, and what can go wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from inmind.foundation import clock

KEY = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig", "alg": "RS256"})
ANOTHER = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "inmind", "a client's secret: 7%"


@dataclass(slots=True)
class Provider:
    """`subject` is who signs in there; `claims` are laid over the right ones; `broken` names what does not work."""

    port: int = 0
    subject: str = "luz-7"
    claims: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    signed_by: RSAKey = field(default_factory=lambda: KEY)
    broken: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visit(self, address: str) -> str:
        """What a browser is sent back to, after its owner signed in here."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.published

    def token(self, form: dict[str, str], header: str) -> tuple[int, Any]:
        asked = self.codes.pop(form["code"], None)
        basic = base64.b64decode(header.removeprefix("Basic ")).decode() if header else ""
        pair = [unquote(part) for part in basic.split(":")] if basic else [form["client_id"], form.get("client_secret")]
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or pair != [CLIENT, SECRET] or digest != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(clock.now().timestamp())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": asked["nonce"]}
        said |= {"iat": now, "exp": now + 300}
        claims = {name: value for name, value in (said | self.claims).items() if value is not None}
        header_of_token = {"alg": "RS256", "kid": "first"}
        return 200, {"id_token": jwt.encode(header_of_token, claims, self.signed_by), "access_token": "unused"}


@contextmanager
def provider() -> Iterator[Provider]:
    made = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            made.asked.append(path)
            pages = {
                "/.well-known/openid-configuration": made.about(),
                "/keys": {"keys": [KEY.as_dict(private=False)]},
            }
            self._say(200 if path in pages else 404, pages.get(path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*made.token(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, said: Any) -> None:
            body = json.dumps(said).encode()
            if made.broken == "status":
                status = 500
            if made.broken == "leads elsewhere":
                self.send_response(302)
                self.send_header("Location", f"{made.issuer}/elsewhere")
            else:
                self.send_response(status)
            body = {"words": b"<html>Down</html>", "a list": b"[]", "long": b" " * 600_000 + body}.get(
                made.broken, body
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
