"""Work in the background (django-tasks): arguments are ids, results are nothing."""

from django_tasks import task

from leder.year import opening
from leder.year.models import Opening


@task()
def open_round(opening_id: int) -> None:
    """Go on with an opening until it has finished. Safe to run twice, also at once."""
    opening.run(Opening.objects.select_related("round").get(pk=opening_id))
