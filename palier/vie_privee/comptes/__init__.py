"""The end of an account: asked by its owner (with time to change his mind), or after two years without a visit."""
