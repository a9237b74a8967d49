"""The foundation: plain values, refusals, events, registries and page furniture that every room stands on. No tables."""
