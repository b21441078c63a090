"""Learn the weights that the product ships, and check them on makings left out."""
