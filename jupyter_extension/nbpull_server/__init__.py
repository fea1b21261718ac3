"""The Jupyter server extension: the endpoints that launch links hit."""
