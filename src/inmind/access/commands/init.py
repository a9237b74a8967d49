"""`inmind init`: begin an installation, and print the first administrator's one-time link."""

from __future__ import annotations

import argparse
import re
import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inmind import cli, installation

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", choices=installation.PROFILES, required=True, help="which rooms this house has")
    parser.add_argument("--name", required=True, help="how people call this installation")
    parser.add_argument("--state", default="", help="the state or tribe it works in, such as TX")
    parser.add_argument("--zone", default="America/New_York", help="its time zone")
    parser.add_argument("--languages", default="en,es", help="languages of its pages, the first one its own")
    parser.add_argument("--admin-username", default="admin")
    parser.add_argument("--admin-name", default="First Administrator", help="given name and family name")
    parser.add_argument("--admin-mail", default="", help="where her letters go")


def run(args: argparse.Namespace) -> int:
    """Refuses when the installation has begun; a half-begun one (killed process) is begun again."""
    if problem := _problem(args):
        print(problem, file=sys.stderr)
        return 2
    languages = tuple(code.strip() for code in args.languages.split(",") if code.strip())
    if not languages or set(languages) - {"en", "es"}:
        print("The languages of the pages are en and es; name one or both, divided by a comma.", file=sys.stderr)
        return 2
    folder = installation.home()
    before = installation.load(folder)
    if before.begun and before.profile != args.profile:
        print(
            f"This folder holds an installation already ({before.profile}: {before.name}). Choose another by INMIND_HOME.",
            file=sys.stderr,
        )
        return 1
    installation.begin(
        folder, profile=args.profile, name=args.name, state=args.state, zone=args.zone, languages=languages
    )
    cli.set_up()
    return _begin_database(args)


def _problem(args: argparse.Namespace) -> str:
    """What cannot be begun with, as a sentence, before anything is written; empty when it can."""
    try:
        ZoneInfo(args.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as America
        return f"The time zone {args.zone!r} is not known. It is a name such as America/New_York."
    for what, typed, longest in (("name", args.name, 120), ("state", args.state, 40)):
        if len(typed) > longest or not typed.isprintable():
            return f"The {what} is one line of at most {longest} letters."
    if not args.name.strip() or not args.admin_name.strip():
        return "The installation and its first administrator need a name that people know."
    if args.admin_mail and not _ADDRESS.fullmatch(args.admin_mail):
        return f"{args.admin_mail!r} is no mail address. Leave it out if the first administrator has none."
    return ""


def _begin_database(args: argparse.Namespace) -> int:
    from django.conf import settings

    from inmind.access.actors import operator
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.access.founding import found
    from inmind.access.models import InstallationMark

    bring_up_to_date()
    if InstallationMark.objects.exists():
        print("This installation has begun already; nothing was changed.", file=sys.stderr)
        return 1
    given, _, family = args.admin_name.strip().partition(" ")
    secret = found(
        operator("init"),
        name=args.name,
        zone=args.zone,
        username=args.admin_username,
        given_name=given,
        family_name=family,
        address=args.admin_mail,
    )
    print(f"{args.name} has begun ({args.profile}). Its folder holds the database and the keys; back up both.")
    print("The first administrator's link (works once, seven days; start `inmind serve` before opening it):")
    print(f"  {settings.SITE}/sign-in/link/{secret}/")
    return 0
