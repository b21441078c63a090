"""A ward office with its work, its seasons and its insiders, by seed."""
