#!/usr/bin/env python3
"""Golden values for fits, by statsmodels, of the seven data sets in statistics.json.

    python3 -m pip install numpy statsmodels
    python3 -P tests/golden/statsmodels.py > tests/golden/statsmodels.json

The sets are NIST's Norris, Misra1a and DanWood, R's cars, and three simulated ones with ties, leverage and unequal
variance. statistics.R writes them to statistics.json. Run this script from the repository's root.
"""
import json
import sys
from pathlib import Path

# Otherwise `import statsmodels` would find this script.
here = str(Path(__file__).parent)
sys.path = [path for path in sys.path if path not in ("", here)]

import numpy as np  # noqa: E402
import statsmodels  # noqa: E402
import statsmodels.api as sm  # noqa: E402
from statsmodels.stats.diagnostic import het_breuschpagan  # noqa: E402


def line(x, y, form):
    sx = np.log(x) if form == "power" else x
    sy = y if form == "linear" else np.log(y)
    model = sm.OLS(sy, sm.add_constant(sx)).fit()
    influence = model.get_influence()
    jacobian = 0.0 if form == "linear" else sy.sum()
    low, high = model.conf_int(0.05)[1]
    bp = het_breuschpagan(model.resid, model.model.exog)  # Koenker's form is the default
    step = sm.OLS(sy, sm.add_constant((x > x.min()).astype(float))).fit()
    return {
        "form": form,
        "numbers": {
            "slope": model.params[1], "intercept": model.params[0],
            "slope_std_err": model.bse[1], "intercept_std_err": model.bse[0],
            "r_squared": model.rsquared, "adjusted_r_squared": model.rsquared_adj, "t": model.tvalues[1],
            "f": model.fvalue, "slope_low": low, "slope_high": high, "log_likelihood": model.llf - jacobian,
            "breusch_pagan": bp[0], "step_r_squared": step.rsquared,
        },
        "p_values": {"p_value": model.pvalues[1], "f_p_value": model.f_pvalue, "breusch_pagan_p_value": bp[1]},
        "leverages": influence.hat_matrix_diag.tolist(),
        "studentised": influence.resid_studentized_external.tolist(),
        "cooks": influence.cooks_distance[0].tolist(),
    }


sets = json.loads((Path(here) / "statistics.json").read_text())["lines"]
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "statsmodels": statsmodels.__version__},
    "sets": [{"name": s["name"], "fits": [line(np.array(s["x"]), np.array(s["y"]), form) for form in
                                          ("linear", "exponential", "power")]} for s in sets],
}, sys.stdout, indent=1)
