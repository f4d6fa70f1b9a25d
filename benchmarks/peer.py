"""The static problem through bw2calc, run by the Python of an environment of its own; prints one JSON object.

As its documentation does it: a data package, ``LCA``, ``lci``, ``lcia``; a new demand by ``lci(demand)`` on kept factors.
"""

from __future__ import annotations

import json
import platform
import sys
import warnings
from importlib.metadata import version

# Without these it uses SuperLU, which is what installs on every machine.
sys.modules["pypardiso"] = None
sys.modules["scikits.umfpack"] = None
warnings.simplefilter("ignore")

import bw2calc  # noqa: E402
import bw_processing  # noqa: E402
import numpy as np  # noqa: E402
import workload  # noqa: E402
from timing import timed  # noqa: E402

_FIRST_EMISSION = 10_000_001


def places(row, column):
    index = np.empty(row.size, dtype=bw_processing.INDICES_DTYPE)
    index["row"], index["col"] = row, column
    return index


def package(n):
    inputs, emissions = workload.inputs(n), workload.emissions(n)
    every = np.arange(n)
    met = np.unique(emissions.row)
    made = bw_processing.create_datapackage(sum_intra_duplicates=False)
    made.add_persistent_vector(
        matrix="technosphere_matrix",
        indices_array=places(np.concatenate([every, inputs.row]) + 1, np.concatenate([every, inputs.column]) + 1),
        data_array=np.concatenate([np.ones(n), inputs.value]),
        flip_array=np.concatenate([np.zeros(n, bool), np.ones(inputs.row.size, bool)]),
        name="technosphere",
    )
    made.add_persistent_vector(
        matrix="biosphere_matrix",
        indices_array=places(emissions.row + _FIRST_EMISSION, emissions.column + 1),
        data_array=emissions.value,
        name="biosphere",
    )
    made.add_persistent_vector(
        matrix="characterization_matrix",
        indices_array=places(met + _FIRST_EMISSION, met + _FIRST_EMISSION),
        data_array=workload.factors(n)[met],
        name="factors",
    )
    return made


def measure(n, cold_runs, warm_runs):
    made, asked = package(n), workload.demands(n)

    def cold(factorize=False):
        lca = bw2calc.LCA({int(asked[0]) + 1: 1.0}, data_objs=[made])
        lca.lci(factorize=factorize)
        lca.lcia()
        return lca

    first, kept, turn = cold(), cold(factorize=True), [0]

    def again():
        turn[0] += 1
        kept.lci({int(asked[turn[0] % 10]) + 1: 1.0})
        kept.lcia_calculation()

    return {
        "supply": float(first.supply_array.sum()),
        "score": float(first.score),
        "cold": timed(cold, cold_runs).as_dict(),
        "again": timed(again, warm_runs).as_dict(),
    }


def main():
    sizes = json.loads(sys.argv[1])
    found = {str(n): measure(n, cold_runs, warm_runs) for n, cold_runs, warm_runs in sizes}
    versions = {name: version(name) for name in ("bw2calc", "matrix_utils", "bw_processing", "scipy", "numpy")}
    print(json.dumps({"sizes": found, "versions": versions, "python": platform.python_version()}))


if __name__ == "__main__":
    main()
