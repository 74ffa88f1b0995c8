Only text, and
---- no header.
