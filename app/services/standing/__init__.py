"""How things stand: what an archive holds against what its adopted scheme demands."""
