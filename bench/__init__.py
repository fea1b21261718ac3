"""What nbpull costs, beside what the same costs without it: ``python -m bench``."""
