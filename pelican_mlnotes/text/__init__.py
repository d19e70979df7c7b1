"""What is a word? Words, stop words and common words of many languages; no Pelican here."""
