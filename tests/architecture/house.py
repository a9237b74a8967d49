"""What the laws of the house read: its rooms, its floors, and which modules are core and which are shell.

Every module is core unless its name says that it is shell, or it stands on the short list below. Joining that list is a
decision that someone can see.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "inmind"

# Names that mean the same in every room.
SHELL_NAMES = frozenset(
    (
        *("models", "queries", "actions", "offers", "forms", "views", "urls", "api", "apps", "subscribers", "commands"),
        *("adapters", "management", "migrations", "tests", "templatetags", "reference", "fields", "demo"),
        *("__main__", "formats"),
    )
)

# Parts of these that stand by themselves: `listing_views`, `plan_models`.
SHELL_ENDINGS = ("_models", "_queries", "_actions", "_offers", "_forms", "_views")

# Shell modules with a name of their own, and why each is shell.
NAMED_SHELL = {
    "cli": "the command line",
    "environment": "reads what somebody set",
    "installation": "reads the installation's folder and keys",
    "postgresql": "asks the database once whether it lets us in",
    "settings": "Django's settings, read from the environment",
    "sqlite": "chooses the database library before Django loads",
    "words": "reads and writes the translations",
    "wsgi": "the door for a web server",
    "foundation/clock": "the one clock",
    "foundation/components": "pieces of pages",
    "foundation/controls": "draws form controls by Django's templates, or in one go",
    "foundation/gallery": "every piece of a page, drawn once to be looked at",
    "foundation/helplines": "reads its catalog file, in the reader's language",
    "foundation/identity": "makes ids from the clock and from chance",
    "foundation/leaving": "sends a file out, with the clock's day in its name",
    "foundation/loading": "reads catalog files",
    "foundation/reviews": "reads who has reviewed a translation",
    "association/moving/taking": "takes a member export in, some rows at a time",
    "association/moving/erasing": "takes rows out of member exports",
    "access/act": "opens the transaction of an action",
    "access/audit": "writes the trail",
    "access/context": "what every page is given",
    "access/door": "stands before every view",
    "access/archive": "a backup's pages, sealed as they are written",
    "access/envelope": "seals with nonces from chance",
    "access/founding": "the first rows of an installation",
    "access/guard": "wraps the database connection",
    "access/owed": "compares what is owed with the jobs that wait",
    "access/sessions": "Django's table of sessions, by the hash of their keys",
    "messages/delivering": "sends letters by the ways that are safe at that moment",
    "messages/carriers": "asks the mail server and the gateway whether they answer",
    "families/carrying": "reads what is taken along of families, and hands what comes back to actions",
    "screening/carrying": "reads what is taken along of screening, and hands what comes back to actions",
    "away/taking": "takes entries one after another through the rooms' actions",
    "families/names": "looks for people who are missing from the search, and an action of its own",
    "access/health": "looks at the machine and the database for the doctor",
    "access/middleware": "stands around every request",
    "access/policy": "asks the database who may",
    "access/privacy": "writes holds, erasures and emergency access, and looks for what stands in their way",
    "access/adult_links": "makes and ends links with secrets from chance, and reads whose link a request came by",
    "access/office_links": "makes and ends links of offices, with secrets from chance",
    "access/disclosing": "keeps what was agreed to and told outside, and reads it",
    "access/erased": "keeps the list of those who were erased, outside the database",
    "access/proof": "reads the whole trail to prove it",
    "access/rotation": "replaces key files and seals keys anew",
    "access/snapshot": "copies a database while it is written to",
    "access/tables": "empties and fills tables for a backup",
    "access/triggers": "puts triggers into the database",
    "access/vault": "reads keys and seals words with them",
    "families/story": "plays the board's story through actions",
    "screening/house_tables": "lays the tables of this house over what ships, and keeps them by actions of its own",
    "screening/sendings": "reads what was sent, and what of it can be asked now",
    "screening/house_wordings": "finds the wording that may be sent, and keeps it by actions of its own",
    "screening/story": "plays the board's story through actions",
    "access/telling": "reads where a story stands, and sets the clock of its process",
    "learning/trainings/words": "says trainings in the reader's language",
    "services/listings/export": "reads listings as they go out",
    "services/listings/words": "a listing in the reader's language",
    "screening/worries": "reads what screens gave to talk about",
    "services/referrals/office": "lets a program know, and finds who looks after a referral",
    "services/referrals/places": "counts the places of a listing under its lock",
    "services/referrals/worklist": "reads referrals under way",
    "endorsement/story": "plays the board's story through actions",
    "services/story": "plays the board's story through actions",
    "services/early/shown": "says early intervention in the reader's language",
    "services/early/told": "reads what referrals and early intervention put into a file for somebody outside",
    "services/running/told": "reads what became of sessions for such a file",
    "services/finder/said": "says what was found in the reader's language",
    "services/settled": "reads what this house has set for services",
    "services/listings/shelf": "keeps all listings as the rules read them, for as long as none has changed",
    "services/referrals/told": "the words of a referral as a program reads them",
    "services/said": "says what the rules found, in the reader's language",
    "services/erasing": "blanks what is left of referrals",
    "learning/attendance/said": "says why minutes count so, in the reader's language",
    "learning/certificates/papers": "says certificates and transcripts in the reader's language",
    "documents/serving": "a kept file as it leaves, for the pages of other rooms",
    "documents/erasing": "removes what is left of files",
    "money/erasing": "blanks the words of the books",
    "away/erasing": "blanks what is left of visits without a signal",
    "families/erasing": "blanks what is left of a family",
    "records/erasing": "blanks what is left of the work on records",
    "screening/erasing": "blanks what is left of screens",
    "reflection/erasing": "removes what somebody offered and asked for",
    "screening/taking_back": "takes back screens and recorded results alike, kept apart from both",
    "endorsement/erasing": "blanks what is left of somebody's endorsement",
    "endorsement/following": "says how endorsements follow a merge",
    "endorsement/said": "says what the rules found, in the reader's language",
    "jobs/runner": "leases and runs jobs",
    "screening/due": "reads what the schedule needs from the database",
    "diagnosis/papers": "says formulations as papers in the reader's language",
    "diagnosis/pictures": "says the drawings of a formulation in the reader's language",
    "diagnosis/told_outside": "reads what diagnosis puts into a file for somebody outside",
    "diagnosis/telling": "reads what a family's people are told of formulations on paper",
    "diagnosis/following": "says how formulations follow a merge",
    "diagnosis/erasing": "blanks what is left of formulations",
    "families/following": "says how a family's rows follow a merge",
    "families/release_papers": "says a paper for somebody outside in the reader's language",
    "families/told_outside": "reads what families put into a file for somebody outside",
    "screening/told_outside": "reads what screening puts into such a file",
    "families/telling": "reads what a family's people are told on paper",
    "families/taking_in": "registers what a sheet says",
    "records/importing": "takes a sheet in, some rows at a time",
    "records/finding": "asks the database who may be the same person",
    "records/merging": "moves rows from one record to another",
    "screening/caveats": "says what stands beside a result: weeks, a withdrawn table, how sure a cut-off is",
    "screening/said": "says results in the reader's language",
    "screening/sittings": "finds the screens of a sitting in the database",
    "screening/score_command": "a command, kept apart so that it starts without Django",
    "screening/instruments_command": "a command, kept apart so that it starts without Django",
}

WINDOWS = ("frontdoor", "workspace", "away", "interop", "insights", "demo")
PRACTICES = (
    "screening",
    "diagnosis",
    "services",
    "association",
    "learning",
    "reflection",
    "consultation",
    "endorsement",
)
WITHOUT_FAMILIES = ("association", "learning", "reflection", "consultation", "endorsement")


def rooms() -> list[str]:
    """The rooms that exist today."""
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def key_of(path: Path) -> str:
    """A module's place below the package, without its ending: `access/act`."""
    return path.relative_to(SOURCE).with_suffix("").as_posix()


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted(SOURCE.rglob("*.py"))


def is_core(path: Path) -> bool:
    """Whether a module holds rules alone: no database, clock, chance, files or network."""
    parts = key_of(path).split("/")
    named_shell = SHELL_NAMES & set(parts) or parts[-1].endswith(SHELL_ENDINGS) or key_of(path) in NAMED_SHELL
    return parts[-1] != "__init__" and not named_shell


def is_test(path: Path) -> bool:
    return "tests" in path.relative_to(PROJECT).parts


def core_modules() -> list[Path]:
    return [path for path in modules() if is_core(path)]


def core_files() -> list[str]:
    """Core modules as coverage names them, from the project's folder."""
    return [path.relative_to(PROJECT).as_posix() for path in core_modules()]


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project: what git keeps, and what it would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := PROJECT / name).is_file())


def text_files() -> list[Path]:
    """Every file of the project that holds text."""
    return [path for path in project_files() if b"\0" not in path.read_bytes()[:8000]]


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".svg"})
