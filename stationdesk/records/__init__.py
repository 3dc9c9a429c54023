"""The pure heart: records, code lists and rules, with nothing but the standard library."""
