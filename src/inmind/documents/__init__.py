"""Documents: scans and photos of papers, sealed as they are kept, and papers of our own as tagged PDFs. What a paper proves or
tells, and who may see it, is another room's."""
