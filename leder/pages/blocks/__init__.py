"""The blocks that the pages are made of. What an agreement can cite is a list item or a block with an id."""
