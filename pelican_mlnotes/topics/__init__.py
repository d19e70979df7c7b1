"""What is a post about? A taxonomy, and scores for its topics; no Pelican here."""
