"""`inmind init`: begin an installation, and print the first administrator's one-time link."""

from __future__ import annotations

import argparse
import os
import re
import sys

from inmind import cli, environment, installation, postgresql

WHEN_STOPPED = "The beginning is not finished; say the same again to finish it."
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", choices=installation.PROFILES, required=True, help="which rooms this house has")
    parser.add_argument("--name", required=True, help="how people call this installation")
    parser.add_argument(
        "--state",
        default="",
        help="the state or territory it works in by its two letters, such as TX; or the name of a tribe",
    )
    parser.add_argument("--zone", default="America/New_York", help="its time zone")
    parser.add_argument("--languages", default="en,es", help="languages of its pages, the first one its own")
    parser.add_argument("--admin-username", default="admin")
    parser.add_argument("--admin-name", default="First Administrator", help="given name and family name")
    parser.add_argument("--admin-mail", default="", help="where her letters go")


def run(args: argparse.Namespace) -> int:
    """Begin. What was begun and cut short is finished when the same is said again; nothing that stands is changed."""
    languages = tuple(code.strip() for code in args.languages.split(",") if code.strip())
    said = {"profile": args.profile, "name": args.name, "state": args.state, "zone": args.zone, "languages": languages}
    if problem := installation.wrong(**said) or installation.wrong_state(args.state) or _wrong_administrator(args):
        print(problem, file=sys.stderr)
        return 2
    os.environ.pop("INMIND_PROFILE", None)  # what is said here holds, and what stands is read as it stands
    folder = installation.home()
    before = installation.load(folder)
    if before.begun and any(getattr(before, part) != value for part, value in said.items()):
        _say_what_stands(before)
        return 2
    postgresql.reach(environment.read("DATABASE_URL"))
    installation.begin(folder, **said)
    cli.set_up()
    return _begin_database(args, new=not before.begun)


def port_hint() -> str:
    """Where a printed link leads while no public address is set, which depends on how the house is served."""
    from django.conf import settings

    if settings.PUBLIC_ADDRESS:
        return ""
    return (
        f"It leads to port {settings.PORT}, where `inmind serve` listens unless another is named; with `inmind serve "
        f"--port` write that number in it instead of {settings.PORT}."
    )


def _wrong_administrator(args: argparse.Namespace) -> str:
    """What the first administrator cannot be, as a sentence; empty when she can."""
    if not args.admin_name.strip():
        return "The first administrator needs a name that people know."
    if args.admin_mail and not _ADDRESS.fullmatch(args.admin_mail):
        return f"{args.admin_mail!r} is no mail address. Leave it out if the first administrator has none."
    return ""


def _say_what_stands(before: installation.Installation) -> None:
    state = f", state {before.state}" if before.state else ""
    print(
        f"{before.home} already holds the beginning of {before.name!r} (profile {before.profile}{state}, zone "
        f"{before.zone}, languages {','.join(before.languages)}), and nothing was changed. For another installation, "
        "choose another folder by INMIND_HOME. If this one was cut short before it was finished: say the same again to "
        f"finish it, or correct {before.home / installation.FILE} and say that.",
        file=sys.stderr,
    )


def _begin_database(args: argparse.Namespace, *, new: bool) -> int:
    from django.conf import settings

    from inmind.access.actors import operator
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.access.founding import found
    from inmind.access.models import InstallationMark

    bring_up_to_date()
    if InstallationMark.objects.exists():
        if new:  # the folder is empty and the database is not: they do not belong together
            (settings.INSTALLATION.home / installation.FILE).unlink()
        print(
            "The database holds an installation that has begun already, and nothing was changed. Start it with `inmind "
            "serve`; for another one, choose another folder by INMIND_HOME, and another database.",
            file=sys.stderr,
        )
        return 2
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
    if args.profile == "association":
        print("They keep the association, too: members, dues, trainings. Under People, others are given that role.")
    if hint := port_hint():
        print(hint)
    return 0
