"""What changed, what one reader is told of it, and how it reaches them."""
