"""Lets ``python -m deftrade`` do what ``deftrade`` does."""

from deftrade.cli import main

if __name__ == "__main__":
    main()
