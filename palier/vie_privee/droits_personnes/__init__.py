"""The rights of persons over their data (RGPD art. 12 to 21, loi 78-17 art. 85): ask, answer, restrict, take away."""
