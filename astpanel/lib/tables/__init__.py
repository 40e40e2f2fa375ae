"""Tables in files, CSV and XLSX, as spreadsheets make them: reading, writing, columns. Knows no models."""
