"""Page objects: what a person does on each page, in their words; how it is done in the markup stands here only."""
