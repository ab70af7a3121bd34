"""Archival codes (档号): how they are put together, given, withdrawn and checked."""
