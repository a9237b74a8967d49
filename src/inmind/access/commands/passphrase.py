"""Where a backup's passphrase comes from: a file, the environment, or the terminal; or its key, from what was typed."""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path

from inmind.access.envelope import PublicKey, SecretKey, read_key
from inmind.foundation.errors import BadInput

SHORTEST = 12  # characters; ours


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        help="a file whose first line is the passphrase (else INMIND_BACKUP_PASSPHRASE, else it is asked for)",
    )


def for_a_new_one(args: argparse.Namespace) -> str | PublicKey:
    """What seals a new backup: the public key that was named, else a passphrase."""
    if args.to:
        key: PublicKey = read_key(PublicKey, args.to)
        return key
    return new(args)


def that_opens(args: argparse.Namespace) -> str | SecretKey:
    """What opens a backup: the secret key in the file that was named, else a passphrase. Raises BadInput without."""
    if args.key is None:
        return known(args)
    try:
        typed = args.key.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            "The key's file cannot be read: %(why)s.",
            facts={"why": getattr(fault, "strerror", None) or "it is not such a key"},
        ) from fault
    lines = [line for line in typed.splitlines() if line.startswith(SecretKey.WORD)]
    key: SecretKey = read_key(SecretKey, lines[0] if lines else "")
    return key


def new(args: argparse.Namespace) -> str:
    """A passphrase for a new backup, asked twice on a terminal. Raises BadInput for one that is short."""
    words = known(args, twice=True)
    if len(words) < SHORTEST:
        raise BadInput(
            "The passphrase is too short.",
            "It has %(least)s characters or more: four or five unrelated words are good.",
            facts={"least": SHORTEST},
        )
    return words


def known(args: argparse.Namespace, *, twice: bool = False) -> str:
    """The passphrase. Raises BadInput when there is none, or its file cannot be read."""
    if args.passphrase_file:
        try:
            return args.passphrase_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as fault:
            raise BadInput(
                "The passphrase's file cannot be read: %(why)s.",
                facts={"why": getattr(fault, "strerror", None) or "it is not text"},
            ) from fault
    if given := os.environ.get("INMIND_BACKUP_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise BadInput(
            "There is no passphrase.",
            "It comes from --passphrase-file, from INMIND_BACKUP_PASSPHRASE, or from a terminal.",
        )
    words = getpass("Passphrase: ")
    if twice and getpass("The same once more: ") != words:
        raise BadInput("The two were not the same.", next_step="Try again.")
    return words
