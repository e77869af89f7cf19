"""Opening the year (avtaleåret): who gets an agreement with whom, newly appointed leaders, those who leave."""
