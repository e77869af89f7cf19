"""A leader's agreements through the years (historikk): goals over time, what was carried over, which editions."""
