"""The board's story: that it is what the guide says, and that the pictures in the documents are of its pages."""
