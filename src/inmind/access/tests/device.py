"""A device that makes passkeys and signs with them, in Python: what a phone or a security key does, flag by flag.

After W3C, Web Authentication Level 2: client data (5.8.1), authenticator data (6.1), attested credential data (6.5.1).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

ORIGIN = "http://localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(words: str) -> bytes:
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


@dataclass(slots=True)
class Device:
    """One passkey at a time. What can go wrong is said by its fields: who it says it serves, whether it checked its owner."""

    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    owner: bytes = b""

    def make(self, asked: dict[str, Any]) -> str:
        """The answer to what a page asked for when a passkey is made."""
        options = asked["publicKey"]
        assert options["authenticatorSelection"]["userVerification"] == "required"
        self.owner = raw(options["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        held = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + public
        data = self._data(options["rp"]["id"], ATTESTED) + held
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", options, {"attestationObject": text(attested)})

    def sign(self, asked: dict[str, Any]) -> str:
        """The answer to what a page asked for at a door."""
        options = asked["publicKey"]
        assert options["userVerification"] == "required"
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": text(data), "signature": text(signature), "userHandle": text(self.owner)}
        return self._answer("webauthn.get", options, parts)

    def _data(self, house: str, more: int = 0) -> bytes:
        self.counter += self.counts
        return hashlib.sha256(house.encode()).digest() + struct.pack(">BI", self.flags | more, self.counter)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, kind: str, options: dict[str, Any], parts: dict[str, str]) -> str:
        name = text(self.credential)
        response = {"clientDataJSON": text(self._client(kind, options)), **parts}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
