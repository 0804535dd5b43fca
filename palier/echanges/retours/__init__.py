"""The return file: what people said in the portal, back to the agence's software, in the dossier's dialects."""
