"""Entry: what records consist of, declared as data, and one way to list, type, change and delete them."""
