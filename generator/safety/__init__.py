"""The one place for limits, text cleaning, redaction, strict parsing, and validation of paths, ids and commands."""
