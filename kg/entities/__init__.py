"""Who is who: the names of a document brought together, and linked to what is known of them."""
