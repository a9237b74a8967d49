"""Amounts, invoices, payments, receipts and refunds, in whole cents; never why somebody pays beyond a line's own words."""
