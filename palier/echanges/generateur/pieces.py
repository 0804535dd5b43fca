from .registre import Chantier
def publish_all(chantier, charges, gerance): pass
