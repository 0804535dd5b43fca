"""« Flux »: the data exchange as the agence sees it, from what is expected to what each row has been."""
