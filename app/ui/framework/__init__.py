"""What every page is made of: theme, jobs, errors, tables, forms, preview, shell parts."""
