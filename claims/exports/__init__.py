"""How an export is made: which rows, for whom, its record, its job and its file. The formats are in claims.exports."""
