"""Who belongs to an association, at which level, until when, and who pays; the directory; moving in from another product."""
