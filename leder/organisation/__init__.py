"""Organisation: units, leader positions and dated appointments, and who answers to whom on a given day."""
