"""Make a ward of a port city with insiders, apart from the product it is to test."""
