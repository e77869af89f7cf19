"""Who an agreement exists for, and what of it: grants, pairs, handovers, proposals to reopen, shares."""
