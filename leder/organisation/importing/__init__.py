"""The organisation from a file of the HR system, and to one: read, compared, shown, applied, exported."""
