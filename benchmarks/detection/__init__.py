"""Measure what Monomi finds against what simpler ways find, on wards of two makings."""
