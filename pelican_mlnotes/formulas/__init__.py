"""How does TeX become MathML and readable text? No Pelican here."""
