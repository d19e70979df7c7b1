"""How does a blog from elsewhere become posts, and where do its addresses lead now?"""
