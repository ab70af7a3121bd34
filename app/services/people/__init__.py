"""What concerns people beyond their registers: duplicates, merging, and the file of one person."""
