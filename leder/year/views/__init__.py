"""The pages of the year in the CMS, in the order of the menu and of the steps."""

from leder.year.views.during import BringInLine
from leder.year.views.overview import Overview
from leder.year.views.preparing import Copy, DeadlinesStep, Preview, TextsStep
from leder.year.views.running import OpenStep, Progress

PAGES = (Overview, TextsStep, Copy, DeadlinesStep, Preview, OpenStep, Progress, BringInLine)
