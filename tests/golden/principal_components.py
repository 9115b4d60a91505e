#!/usr/bin/env python3
"""Golden values for principal components, by numpy's singular value decomposition.

    python3 -m pip install numpy
    python3 tests/golden/principal_components.py > tests/golden/principal_components.json

The points are not stored: the test and this script both draw them (hash_noise.py).
"""
import json
import sys

import numpy as np

from hash_noise import noise


def case(points, dimensions, salt):
    drawn = noise(points * dimensions, salt).reshape(points, dimensions)
    x = 3.0 + drawn / (1.0 + np.arange(dimensions))
    centred = x - x.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    for row in directions:
        row *= np.sign(row[np.argmax(np.abs(row))])
    return {
        "points": points,
        "dimensions": dimensions,
        "salt": salt,
        "coordinates": (centred @ directions[:2].T).tolist(),
        "shares": (sizes[:2] ** 2 / (sizes**2).sum()).tolist(),
    }


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__},
        "cases": [case(60, 12, 1), case(9, 75, 2), case(40, 40, 3), case(3, 2, 4)],
    },
    sys.stdout,
    indent=1,
)
print()
