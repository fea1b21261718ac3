"""The HTTP side: one thin handler per endpoint, no policy."""
