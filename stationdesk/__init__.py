"""stationdesk: the desktop program of a township's minors' protection station."""

__version__ = "0.1.0"
