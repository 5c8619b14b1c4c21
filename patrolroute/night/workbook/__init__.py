"""The night as an Excel workbook: what stands where, reading, writing, marking what is wrong."""
