"""The screens: the only users of Qt."""
