"""A change of superior (overlevering): planned by HR from the organisation, carried out on its day, who gets what."""
