"""`make words`: the words of the screens, gathered from code and templates, and their translations, compiled.

Babel gathers and compiles; it is needed by those who change words, not by those who read them.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
LANGUAGES = ("es",)
NAMES = "gettext gettext_lazy ngettext ngettext_lazy pgettext pgettext_lazy npgettext npgettext_lazy N_ _"
PLURAL, IN_CONTEXT = (1, 2), ((1, "c"), 2)
# Invented content, and tests.
NOT_SPOKEN = ("foundation/gallery.py", "foundation/templates/foundation/gallery.html")


def gathered() -> Any:
    """A catalog of every marked word."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(project="InMind")
    for message, context, comments, where in _marked():
        catalog.add(message, locations=[(where, 0)], context=context, auto_comments=comments)
    return catalog


def _marked() -> Iterator[tuple[Any, str | None, list[str], str]]:
    from babel.messages.extract import extract

    keywords: dict[str, Any] = {}
    for name in NAMES.split():
        kind = name.removesuffix("_lazy")
        keywords[name] = {"ngettext": PLURAL, "pgettext": IN_CONTEXT, "npgettext": ((1, "c"), 2, 3)}.get(kind)
    for path in sorted(PACKAGE.rglob("*")):
        where = path.relative_to(PACKAGE)
        if (
            "tests" in where.parts
            or where.as_posix() in NOT_SPOKEN
            or path.suffix not in {".py", ".html", ".txt", ".svg"}
        ):
            continue
        if path.suffix != ".py" and "templates" not in where.parts:
            continue
        source = path.read_text(encoding="utf-8")
        code = source if path.suffix == ".py" else _as_code(source, str(where))
        for _, message, comments, context in extract("python", io.BytesIO(code.encode()), keywords, ("Translators:",)):
            if message:
                yield message, context, comments, where.as_posix()


def _as_code(template: str, name: str) -> str:
    """A template as the Python that would say the same words; its indentation means nothing."""
    from django.utils.translation.template import templatize

    return "\n".join(line.lstrip() for line in templatize(template, origin=name).splitlines())


def file(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Any:
    """The translations as they stand; an empty catalog where there are none yet."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not file(language).exists():
        return Catalog(locale=language, project="InMind")
    with file(language).open("rb") as opened:
        return read_po(opened, locale=language)


def write(language: str) -> None:
    """Bring the file to the words of today, keeping its translations, and compile it.

    Sentences stand in the order of the files they come from, so that a reviewer reads what belongs together.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import write_po

    catalog = read(language)
    catalog.update(gathered(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    file(language).parent.mkdir(parents=True, exist_ok=True)
    with file(language).open("wb") as opened:
        write_po(opened, catalog, width=100, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    with file(language).with_suffix(".mo").open("wb") as opened:
        write_mo(opened, read(language))


def problems(language: str) -> list[str]:
    """What a reader of this language would miss: words not there, not translated, or translated into something else."""
    from babel.messages.mofile import read_mo

    catalog, wanted = read(language), gathered()
    kept = {_key(message): message for message in catalog if message.id}
    said = {_key(message) for message in wanted if message.id}
    found = [f"not in the file: {key[0]!r}" for key in sorted(said - kept.keys(), key=str)]
    found += [f"said nowhere: {key[0]!r}" for key in sorted(kept.keys() - said, key=str)]
    for key, message in kept.items():
        if key in said and (message.fuzzy or not _is_said(message)):
            found.append(f"not translated: {key[0]!r}")
        found += [f"{error}: {key[0]!r}" for error in message.check(catalog)]
    compiled = file(language).with_suffix(".mo")
    if not compiled.exists():
        return [*found, "not compiled"]
    with compiled.open("rb") as opened:
        ready = {_key(message): _whole(message.string) for message in read_mo(opened) if message.id}
    if ready != {
        key: _whole(message.string) for key, message in kept.items() if _is_said(message) and not message.fuzzy
    }:
        found.append("compiled from an older file")
    return found


def _key(message: Any) -> tuple[Any, str | None]:
    return _whole(message.id), message.context


def _whole(said: Any) -> Any:
    """One sentence, or its singular and plural as a tuple: a compiled file gives them as a list."""
    return said if isinstance(said, str) else tuple(said)


def _is_said(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def main(words: list[str]) -> int:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    if "--check" not in words:
        for language in LANGUAGES:
            write(language)
        return 0
    found = [f"{language}: {problem}" for language in LANGUAGES for problem in problems(language)]
    if found:
        print("\n".join([*found, "Gather and compile with: make words"]), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
