"""What a person decides, and how it is asked."""
