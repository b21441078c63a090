"""Make a ward of a plains city with quiet insiders, apart from the product it is to test."""
