"""What the measurements stand on: demonstrations of a given size on either engine, and a plain way of keeping a form."""
