"""When each feed is expected, and what follows when it is late."""
