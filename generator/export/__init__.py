"""The same findings for machines and terminals."""
