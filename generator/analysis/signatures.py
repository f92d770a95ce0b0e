"""Signatures of all failing results of the history: each distinct text is normalised once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from generator.analysis.fingerprint import fingerprint
from generator.analysis.outcomes import bad_codes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEYS: Final = ["unit", "test_id", "attempt"]
TEXTS: Final = ["kind", "message", "trace", "file", "odd"]


def failing_details(found: pd.DataFrame, details: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return the details of the failing outcomes with `signature` and `fingerprint`; see `Prepared.details`."""
    bad = found.loc[bad_codes(found["status"])[found["status"].cat.codes.to_numpy()], [*KEYS, "exit_code"]]
    joined = bad.merge(details, on=KEYS, how="left")
    joined[TEXTS] = joined[TEXTS].fillna("")
    identity = names.reindex(joined["test_id"])
    joined["anchor"] = _anchors(joined, identity["surface"].to_numpy(), identity["name"].to_numpy())
    return _signed(joined).sort_values(KEYS).set_index(KEYS)[[*TEXTS, "line", "signature", "fingerprint"]]


def with_signatures(found: pd.DataFrame, signed: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes with the column `signature`; "" where the test did not fail."""
    categories = sorted({"", *signed["signature"].unique().tolist()})
    dtype = pd.CategoricalDtype(categories)
    bad = bad_codes(found["status"])[found["status"].cat.codes.to_numpy()]
    keys = pd.MultiIndex.from_frame(found.loc[bad, KEYS])
    codes = pd.Series(categories.index(""), index=found.index, dtype="int32")
    codes[bad] = pd.Categorical(signed["signature"].reindex(keys).fillna(""), dtype=dtype).codes
    return found.assign(signature=pd.Categorical.from_codes(codes.to_numpy(), dtype=dtype))


def _anchors(joined: pd.DataFrame, surface: NDArray[np.object_], name: NDArray[np.object_]) -> pd.Series[str]:
    """Return the identity of the tests whose text says nothing about the cause, "" for the others.

    That is a failure without any text, and a target without a place: its sentence is the runner's own, for all alike.
    """
    silent = (joined["message"] == "") & (joined["trace"] == "")
    placeless = (surface != "case") & (joined["file"] == "") & (joined["line"].fillna(0) == 0)
    identity = pd.Series([f"{kind}:{test}" for kind, test in zip(surface, name, strict=True)], index=joined.index)
    return identity.where(silent | placeless, "").astype(str)


def _signed(joined: pd.DataFrame) -> pd.DataFrame:
    columns = ["kind", "message", "trace", "file", "anchor", "exit_code"]
    group = joined.groupby(columns, sort=False, dropna=False).ngroup().to_numpy()
    distinct = joined.loc[~pd.Series(group).duplicated().to_numpy(), columns]
    made = []
    for kind, message, trace, file, anchor, exit_code in distinct.itertuples(index=False, name=None):
        silent = not message and not trace
        said = f"exit code {exit_code}" if silent and not pd.isna(exit_code) else message
        made.append(fingerprint(kind, said, trace, file or anchor))
    signatures = pd.Series([item.signature for item in made], dtype="str").to_numpy()
    texts = pd.Series([item.text for item in made], dtype="str").to_numpy()
    return joined.assign(signature=signatures[group], fingerprint=texts[group])
