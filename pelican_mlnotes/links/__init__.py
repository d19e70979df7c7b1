"""Where do a post's links lead: to which other post, to which paper?"""
