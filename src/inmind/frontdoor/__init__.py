"""Front door: the public pages. Anyone may come in; help is always at hand."""
