"""Signatures of all failing results of the history: each distinct text is normalised once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from generator.analysis.fingerprint import fingerprint
from generator.analysis.outcomes import bad_codes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEYS: Final = ["unit", "test_id", "attempt"]
TEXTS: Final = ["kind", "message", "trace", "file", "odd"]

_SHORT: Final = 60
"""Longest message that may be a generic one."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_GENERIC: Final = frozenset(
    {
        *("", "fail", "failed", "failure", "error", "errored", "no", "false", "not ok", "assert", "exception", "panic"),
        *("test failed", "test failure", "test error", "assertion failed", "assertion failure", "assertion error"),
        *("assertionerror", "assertionfailederror", "assertionfailure", "unknown error", "unknown failure"),
    }
)
"""Words that a message of nothing but them says nothing with; digits and punctuation do not count."""


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


def generic(text: str, kind: str = "") -> bool:
    """Tell whether a message says nothing about the cause: nothing but that something failed, or its own kind."""
    words = " ".join(_LETTERS.findall(text[:_SHORT].casefold()))
    return words in _GENERIC or (len(text) <= _SHORT and text.strip() in {kind, kind.rpartition(".")[2]})


def _anchors(joined: pd.DataFrame, surface: NDArray[np.object_], name: NDArray[np.object_]) -> pd.Series[str]:
    """Return the identity of the tests whose text says nothing about the cause, "" for the others.

    That is a failure without any text or with a generic one, and a target without a place: its sentence is the runner's
    own, for all alike.
    """
    said = joined["message"].where(joined["message"] != "", joined["trace"])
    pairs = list(zip(said, joined["kind"], strict=True))
    known = {pair: generic(*pair) for pair in dict.fromkeys(pairs)}
    silent = pd.Series([known[pair] for pair in pairs], index=joined.index, dtype="bool")
    placeless = (surface != "case") & (joined["file"] == "") & (joined["line"].fillna(0) == 0)
    own = [
        f"case:{test_id}" if kind == "case" else f"{kind}:{test}"
        for kind, test, test_id in zip(surface, name, joined["test_id"], strict=True)
    ]
    return pd.Series(own, index=joined.index).where(silent | placeless, "").astype(str)


def _signed(joined: pd.DataFrame) -> pd.DataFrame:
    columns = ["kind", "message", "trace", "file", "anchor", "exit_code"]
    group = joined.groupby(columns, sort=False, dropna=False).ngroup().to_numpy()
    distinct = joined.loc[~pd.Series(group).duplicated().to_numpy(), columns]
    made = []
    for kind, message, trace, file, anchor, exit_code in distinct.itertuples(index=False, name=None):
        silent = not message and not trace
        said = f"exit code {exit_code}" if silent and not pd.isna(exit_code) else message
        made.append(fingerprint(kind, said, trace, anchor or file))
    signatures = pd.Series([item.signature for item in made], dtype="str").to_numpy()
    texts = pd.Series([item.text for item in made], dtype="str").to_numpy()
    return joined.assign(signature=signatures[group], fingerprint=texts[group])
