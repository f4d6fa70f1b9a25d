"""Reports as files: page, workbook, Word, PDF. Owns: which were made and where they lie. Never: their words (report)."""
