"""What only the bundled theme needs from Python."""
