"""The campaign as an Excel workbook: its sheets beside those of the base night."""
