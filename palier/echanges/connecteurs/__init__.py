"""The connectors of named back-offices: known words, default sources, and the calibration of an agence's exports.

No layout of a vendor is public, so none is shipped: a connector is a template until an agence calibrates it.
"""
