"""Tests of the tests: each guard is broken on purpose in a copy of the checkout; the tests named for it must see it.

`make mutants` runs all, `make mutants SAMPLE=12` some that the commit chooses, `make mutants AREA=vault` one file.

The entries are data to be reviewed, a file an area. An entry says

    [[mutant]]
    why = "what would be possible if the guard were gone"
    file = "leder/agreements/rules.py"      # a pattern may be given: the one file that holds the line
    inside = "may_end"                      # the function, method or class; left out for what stands outside
    line = "return agreement.state in ACTIVE"
    becomes = "return True"
    tests = ["tests/agreements/test_rules.py::test_name"]

`line` may be a part of a line or several lines; it stands there exactly once. Each of `tests` must fail by itself.
"""
