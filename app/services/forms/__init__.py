"""Forms: what an office prints, each built from the values of what it is about."""
