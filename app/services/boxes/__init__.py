"""Archive boxes: arranging evidence, numbering, page ranges, thickness."""
