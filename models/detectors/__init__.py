"""One detector, one file."""
