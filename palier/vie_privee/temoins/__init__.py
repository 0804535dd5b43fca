"""Cookies: the list drawn from the code, the person's choice, its proof (loi 78-17 art. 82; CNIL, 17 September 2020)."""
