"""What does a post say and show? One parse turns its HTML into plain data; no Pelican here."""
