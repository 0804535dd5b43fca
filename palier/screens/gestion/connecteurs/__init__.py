"""The connectors' pages: what is known of each back-office, the calibration assistant, the calibrations of the agence."""
