"""Typesets one paper and ends: its data in, its bytes out. Started by `typesetter.py` as a process of its own.

Imports nothing of the house. Its memory and its time are bounded, it reads the template and our fonts, writes no file and
opens no connection.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
MEMORY = 3 * 2**30  # bytes of address space; a paper of the most lines takes under half of it
SECONDS = 60  # of processor time
UNPRINTABLE = 3  # how it ends where two letters do not fit together in one font


def main() -> int:
    _bound()
    import typst  # here, within the bounds

    try:
        compiler = typst.Compiler(
            (HERE / "paper.typ").read_bytes(),
            root=HERE,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[HERE.parent / "fonts"]),
            sys_inputs={"paper": sys.stdin.buffer.read().decode()},
        )
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as problem:
        if "could not be displayed" in problem.message:
            return UNPRINTABLE
        raise
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)
    return 0


def _bound() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except (ImportError, OSError, ValueError):
        pass  # a system without such bounds; the time is bounded from outside, too


if __name__ == "__main__":
    sys.exit(main())
