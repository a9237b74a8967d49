"""How allauth signs people in here: no open sign-up, secrets of authenticators sealed, used codes kept used."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from inmind.access import vault


class SignIn(DefaultAccountAdapter):
    """Accounts come by invitation."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):
    """Allauth would keep the authenticator's secret in clear (`stack.md` 3.1)."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.seal_for_house(text.encode(), "mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal_for_house(base64.b64decode(encrypted_text), "mfa").decode()
