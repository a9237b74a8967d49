"""How a file goes out."""

from inmind.foundation import leaving


def test_what_leaves_is_kept_by_no_browser_and_named_after_nobody() -> None:
    """Held at once or written while it goes."""
    rows = [("Name", "Minutes"), ("Peña", 90), ("=1+1", -5)]
    held = leaving.leaving("".join(leaving.sheet(rows)), leaving.CSV, "transcript.csv")
    flows = leaving.flowing(leaving.sheet(rows), leaving.CSV, "members.csv")
    for answer in (held, flows):
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")
    assert flows["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert held.content == b"".join(flows)  # type: ignore[arg-type]
    assert held.content.decode() == "\ufeffName,Minutes\r\nPeña,90\r\n'=1+1,-5\r\n"


def test_a_sheet_that_a_program_reads_begins_with_its_heading() -> None:
    """Without a mark."""
    assert "".join(leaving.sheet([("date",)], mark="")) == "date\r\n"


def test_a_paper_is_named_by_its_kind_and_the_day_on_which_it_was_taken() -> None:
    """And by nothing else; where its kind tells of somebody's life, by the day alone."""
    assert 'filename="receipt-2' in leaving.paper(b"%PDF-", "receipt")["Content-Disposition"]
    answer = leaving.paper(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="paper-2')
