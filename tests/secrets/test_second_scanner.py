"""A scanner that shares nothing with us looks at what we let through: what it finds, we have missed."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

from generator.safety.text import clean_trace
from tests.safety.invented import KEEP
from tests.secrets.planted import DISGUISES, PLANTS
from tests.shared import ROOT, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MASK = re.compile("\u2039redacted:[a-z0-9-]+\u203a")
SHAPES = (
    *("ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector"),
    *(
        "DiscordBotTokenDetector",
        "GitHubTokenDetector",
        "GitLabTokenDetector",
        "IbmCloudIamDetector",
        "JwtTokenDetector",
    ),
    *("IbmCosHmacDetector", "KeywordDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector"),
    *("PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SoftlayerDetector"),
    *("SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)
"""All its detectors but those by entropy, which take every digest for a secret, and the one for addresses."""


@pytest.fixture(autouse=True)
def _scanner() -> Iterator[None]:
    logging.getLogger("detect_secrets").setLevel(logging.ERROR)
    with transient_settings({"plugins_used": [{"name": name} for name in SHAPES]}):
        yield


def seen(lines: Iterable[str]) -> list[str]:
    """Return what the scanner finds in lines, as kind and line; our masks are taken out, or it would report these."""
    return [f"{found.type}: {line[:160]}" for line in lines for found in scan_line(_MASK.sub("", line))]


def test_the_scanner_finds_secrets_where_nothing_is_masked() -> None:
    kinds = {found.partition(":")[0] for plant in PLANTS for found in seen([plant.text])}
    assert len(kinds) >= 10, kinds


@pytest.mark.parametrize("disguise", ["plain", "quoted", "after_a_dot", "in_a_path"])
def test_it_finds_nothing_in_masked_text(disguise: str) -> None:
    texts = [clean_trace(f"first\n{DISGUISES[disguise](plant.text)}\nlast") for plant in PLANTS]
    assert seen(line for text in texts for line in text.splitlines()) == []


def test_it_finds_nothing_in_what_we_keep_on_purpose() -> None:
    assert seen(clean_trace(text) for text in KEEP) == []


@pytest.mark.shared
def test_it_finds_nothing_in_masked_reports_of_real_projects() -> None:
    reports = [path for path in sorted(shared("corpus").rglob("*")) if path.is_file() and path.stat().st_size < 200_000]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in reports if path.suffix != ".gz"]
    assert len(texts) > 100
    assert seen(line for text in texts for line in clean_trace(text).splitlines() if len(line) < 5_000) == []


def test_it_finds_no_secret_of_a_shape_in_our_own_sources() -> None:
    folders = ("generator", "tests", "artifacts_example", ".github", ".ci")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.suffix in {".py", ".yml", ".md"}]
    assert len(texts) > 400
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("def ")]
    vague = ("Secret Keyword", "Basic Auth Credentials")
    assert [hit for hit in seen(lines) if not hit.startswith(vague)] == []
