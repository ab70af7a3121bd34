"""Reports that are handed in: what they say, and the files they become."""
