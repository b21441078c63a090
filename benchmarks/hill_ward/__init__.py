"""Generate a small hill-side city ward that no parameter of the product was chosen on."""
