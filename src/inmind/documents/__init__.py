"""Documents: scans and photos of papers, sealed as they are kept. What a paper proves, and who may see it, is another room's."""
