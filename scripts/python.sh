#!/bin/bash
# Prints the Python to make the environment with: the system's own where it will do. Distributions build theirs for
# speed; what version managers build runs the tests a quarter slower.
for python in /usr/bin/python3 python3; do
    "$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$python" && exit
done
echo python3
