"""Pictures of the console for the documentation, over a ward that is made up."""
