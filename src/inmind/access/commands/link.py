"""`inmind link`: a new one-time link for an administrator who cannot sign in any more."""

from __future__ import annotations

import argparse

from inmind.foundation.errors import NotNow


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("username", nargs="?", default="admin", help="whose link (default %(default)s)")
    parser.add_argument("--lost-phone", action="store_true", help="take the second factor off too; another is set up")


def run(args: argparse.Namespace) -> int:
    """Print the link. Raises NotNow for somebody who is no administrator: those are sent theirs by letter."""
    from django.conf import settings

    from inmind.access.actions import administrator_link
    from inmind.access.actors import operator
    from inmind.access.commands.init import port_hint
    from inmind.access.models import Account

    account = Account.objects.filter(username=args.username).first()
    if account is None:
        raise NotNow("Nobody here is called %(username)s.", facts={"username": args.username})
    secret = administrator_link(operator("link"), account=account, lost_phone=args.lost_phone)
    print("This link works once, for twenty minutes; a second factor is asked for as ever:")
    print(f"  {settings.SITE}/sign-in/link/{secret}/")
    if hint := port_hint():
        print(hint)
    return 0
