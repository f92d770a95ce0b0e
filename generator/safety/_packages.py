"""The table: tokens of package registries and of services that run models, which have a shape of their own."""

from __future__ import annotations

from typing import Final

from generator.safety._checks import has_digit
from generator.safety._rules import rule

_WORD = r"[A-Za-z0-9_-]"

PACKAGE: Final = (
    rule("npm-token", r"npm_[A-Za-z0-9]{20,}", "npm_", sign="npm_[A-Za-z0-9]{20}", accept=has_digit, edge=True),
    rule("pypi-token", rf"pypi-Ag{_WORD}{{16,}}", "pypi-Ag"),
    rule("docker-token", rf"dckr_(?:pat|oat)_{_WORD}{{16,}}", "dckr_"),
    rule("rubygems-key", r"rubygems_[0-9a-f]{24,}", "rubygems_", sign="rubygems_[0-9a-f]{8}"),
    rule(
        "crates-token",
        r"(?P<secret>cio[A-Za-z0-9]{32})(?:[^A-Za-z0-9]|$)",
        "cio",
        sign="cio[A-Za-z0-9]{8}",
        accept=has_digit,
        edge=True,
    ),
    rule("nuget-key", r"(?P<secret>oy2[a-z0-9]{43})(?:[^A-Za-z0-9]|$)", "oy2", accept=has_digit, edge=True),
    rule("clojars-token", r"CLOJARS_[a-z0-9]{50,}", "CLOJARS_"),
)
MODEL: Final = (
    rule(
        "model-key",
        rf"sk-(?:(?:proj|svcacct|admin|None|ant|or-v1|lf)-{_WORD}{{16,}}|[A-Za-z0-9]{{20,}})",
        "sk-",
        sign="sk-(?:(?:proj|svcacct|admin|None|ant|or-v1|lf)-|[A-Za-z0-9]{20})",
        edge=True,
    ),
    rule("model-key", r"hf_[A-Za-z0-9]{30,}", "hf_", sign="hf_[A-Za-z0-9]{30}", accept=has_digit, edge=True),
    rule(
        "model-key",
        r"(?:gsk_|r8_|xai-|pplx-)[A-Za-z0-9]{36,}",
        *("gsk_", "r8_", "xai-", "pplx-"),
        sign="(?:gsk_|r8_|xai-|pplx-)[A-Za-z0-9]{36}",
        edge=True,
    ),
    rule("model-key", rf"(?:nvapi|tvly)-{_WORD}{{30,}}", "nvapi-", "tvly-", edge=True),
    rule("model-key", rf"(?:tgp_v1_|pcsk_){_WORD}{{40,}}", "tgp_v1_", "pcsk_", edge=True),
    rule("langsmith-key", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,}", "lsv2_"),
)
