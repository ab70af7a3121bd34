"""Documents: neutral trees, the forms that build them, and the writers that print them."""
