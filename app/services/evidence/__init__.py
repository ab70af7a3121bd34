"""Evidence: look into files, take them in, find them."""
