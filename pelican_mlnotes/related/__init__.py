"""What is close to a post, and why? No Pelican here."""
