"""The main job, shown for real: a course on a git server, a Jupyter, a link, two clicks."""
