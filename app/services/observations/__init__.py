"""听课记录: entering, changing, listing and comparing them."""
