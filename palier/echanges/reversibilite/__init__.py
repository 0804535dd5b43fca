"""What goes back to the agence: its whole data in our own format, its documents, its returns; an archive a copropriété."""
