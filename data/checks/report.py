"""What the checks share: tables, and the report of differences."""
import csv

# Sums of some hundred products of numbers near 1, scaled to 0..1 by ranges that may be small.
EXACT = 1e-9
failures = []


def report(what, difference, limit, count, unit=""):
    wrong = not difference <= limit
    numbers = f"{count:6} numbers, largest difference {difference:8.1e}, limit {limit:.0e} {unit}".rstrip()
    print(f"{'WRONG' if wrong else 'ok':5}  {what:62} {numbers}", flush=True)
    if wrong:
        failures.append(what)


def report_words(what, differing, count):
    print(f"{'WRONG' if differing else 'ok':5}  {what:62} {count:6} words, {len(differing)} differ {' '.join(differing[:3])}".rstrip(), flush=True)
    if differing:
        failures.append(what)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
