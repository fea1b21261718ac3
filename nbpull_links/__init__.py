"""Links that bring a git repository into a Jupyter."""
