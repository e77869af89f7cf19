"""One size in a process of its own, with its own settings: `BENCH_SIZE=1000 python -m bench.worker`."""

import importlib

import django

if __name__ == "__main__":
    django.setup()
    # What it does needs the models, and they need the line above.
    importlib.import_module("bench.measuring").main()
