"""The codes that a claim may carry: releases of ICD-10-CM, tables of states and payers, and what was chosen of them."""
