"""What can a reader search for, and how does it become an index? Knows nothing of Pelican."""
