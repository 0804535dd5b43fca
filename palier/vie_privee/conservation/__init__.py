"""How long each personal datum is kept, why, by which text, and what ends it: data, shown to all, executed, proved."""
