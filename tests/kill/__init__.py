"""Writers killed while they write: what was acknowledged is there, and nothing is half done."""
