"""The duties of a processor (RGPD art. 28 to 30): instructions, sub-processors, disclosures, registers, agreement."""
