"""The table of secrets that have a shape of their own, and of those that a header announces.

Each pattern begins with a literal, and no unbounded class in it is followed by something that must still match: so
every rule runs in linear time.
"""

from __future__ import annotations

import re
from typing import Final

from generator.safety._rules import rule


def has_digit(found: re.Match[str]) -> bool:
    """Accept only what holds a digit: words of ordinary prose hold none."""
    return any(character.isdigit() for character in found.group())


def _is_bearer(found: re.Match[str]) -> bool:
    """Accept what follows `Bearer` when it has a digit or is longer than a word."""
    secret = found.group("secret")
    return len(secret) >= 24 or any(character.isdigit() for character in secret)


def _is_jwt(found: re.Match[str]) -> bool:
    return "." in found.group()


def _is_not_hex(found: re.Match[str]) -> bool:
    """A commit id is as long as a secret access key."""
    return re.fullmatch(r"[0-9a-fA-F]+", found.group("secret")) is None


def _is_header_value(found: re.Match[str]) -> bool:
    """Prose after the name of a scheme is no credential."""
    secret = found.group("secret").strip(".,;:!?)").lower()
    return len(secret) >= 5 and not _PROSE.fullmatch(secret) and not secret.startswith(("auth", "‹"))


_PROSE: Final = re.compile(
    r"bearer|basic|digest|tokens?|headers?|required|missing|expired|invalid|failed|rejected|schemes?|credentials?|challenge"
    r"|realm|support(?:ed)?|unsupported|\[?redacted\]?|value|string"
)
_WORD = r"[A-Za-z0-9_-]"

FORGE: Final = (
    rule(
        "github-token",
        r"gh[pousr]_[A-Za-z0-9]{16,}(?:[._-]{1,2}[A-Za-z0-9]{16,})*",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
    ),
    rule("github-token", r"github_pat_[A-Za-z0-9_]{16,}", "github_pat_"),
    rule(
        "gitlab-token",
        rf"gl(?:pat|cbt|rtr|rt|dt|ptt|soat|ft|imt|agent|oas|ffct|wt)-{_WORD}{{16,}}(?:\.{_WORD}{{2,}})*",
        *("glpat-", "glcbt-", "glrt-", "glrtr-", "gldt-", "glptt-", "glsoat-", "glft-", "glimt-", "glagent-"),
        *("gloas-", "glffct-", "glwt-"),
    ),
    rule("gitlab-token", rf"GR1348941{_WORD}{{16,}}", "GR1348941"),
)
CLOUD: Final = (
    rule("aws-key-id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])", "AKIA", "ASIA", "ABIA", "ACCA", edge=True),
    rule(
        "aws-secret-key",
        r"(?i:aws)[^\n]{0,40}?[\s\"'=:](?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "aws",
        accept=_is_not_hex,
        loose=True,
    ),
    rule("aws-session-token", r"(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=%]{60,}", "IQoJ", "FwoG", "FQoG"),
    rule("google-api-key", rf"AIza{_WORD}{{30,}}", "AIza"),
    rule("google-oauth", r"ya29\.[A-Za-z0-9_.-]{16,}", "ya29."),
    rule("google-oauth", rf"1//0{_WORD}{{30,}}", "1//0", edge=True),
    rule("google-client-secret", rf"GOCSPX-{_WORD}{{16,}}", "GOCSPX-"),
    rule(
        "google-service-account",
        r"private_key_id[\\\"'\s:=]{1,8}(?P<secret>[0-9a-f]{40})",
        "private_key_id",
        loose=True,
    ),
    rule("azure-sas", r"sig=(?P<secret>[A-Za-z0-9%+/=_-]{20,})", "sig=", edge=True, loose=True),
    rule(
        "azure-account-key",
        r"(?i:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/=%]{20,})",
        *("accountkey=", "accesskey="),
        loose=True,
    ),
    rule("azure-client-secret", r"[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,}", "Q~"),
    rule("aws-signature", r"(?i:-signature)=(?P<secret>[0-9a-fA-F]{16,})", "-signature=", loose=True),
    rule("digitalocean-token", r"do[opr]_v1_[a-f0-9]{40,}", "_v1_"),
    rule("heroku-key", rf"HRKU-{_WORD}{{20,}}", "HRKU-"),
)
CHAT: Final = (
    rule("slack-token", r"xox[a-zA-Z][.-][A-Za-z0-9.-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}", "xox", "xapp-"),
    rule(
        "slack-webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9_/+-]{10,})",
        "hooks.slack.com",
        loose=True,
    ),
    rule(
        "discord-webhook",
        rf"discord(?:app)?\.com/api/(?:v[0-9]{{1,2}}/)?webhooks/(?P<secret>[0-9]{{5,}}/{_WORD}{{16,}})",
        "/webhooks/",
        loose=True,
    ),
    rule("discord-token", rf"[MNO]{_WORD}{{23,25}}\.{_WORD}{{6}}\.{_WORD}{{27,}}", "discord", edge=True, loose=True),
    rule(
        "teams-webhook", r"webhook\.office\.com/(?P<secret>webhookb2/[^\s\"'<>]{16,})", "webhook.office.com", loose=True
    ),
    rule("telegram-token", rf"[0-9]{{8,10}}:AA{_WORD}{{30,}}", ":aa", loose=True),
    rule("twilio-key", r"(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])", "SK", "AC", edge=True),
)
SERVICE: Final = (
    rule("stripe-key", r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,}", "k_live_", "k_test_", "k_prod_"),
    rule("stripe-key", r"whsec_[A-Za-z0-9+/=]{16,}", "whsec_"),
    rule("sendgrid-key", rf"SG\.{_WORD}{{16,}}\.{_WORD}{{16,}}", "SG."),
    rule("mailgun-key", r"key-[0-9a-f]{32}", "key-", edge=True),
    rule("mailgun-key", r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![A-Za-z0-9-])", "mailgun", edge=True, loose=True),
    rule(
        "newrelic-key",
        r"NR(?:AK|II|JS|BR|SP|RA)-[A-Za-z0-9-]{16,}",
        "NRAK-",
        "NRII-",
        "NRJS-",
        "NRBR-",
        "NRSP-",
        "NRRA-",
    ),
    rule("shopify-token", r"shp(?:at|ca|pa|ss|ua|rt)_[A-Fa-f0-9]{24,}", "shp"),
    rule("linear-key", r"lin_(?:api|oauth)_[A-Za-z0-9]{20,}", "lin_"),
    rule("atlassian-token", r"AT(?:ATT|CTT|STT)3[A-Za-z0-9_=-]{20,}", "ATT3", "CTT3", "STT3"),
    rule("atlassian-token", r"ATBB[A-Za-z0-9]{20,}", "ATBB"),
    rule("databricks-token", r"dapi[0-9a-f]{32}(?:-[0-9])?", "dapi", edge=True),
    rule("grafana-token", r"gl(?:c|sa)_[A-Za-z0-9+/=_]{20,}", "glc_", "glsa_", edge=True),
    rule("grafana-token", r"eyJrIjoi[A-Za-z0-9+/]{40,}={0,2}", "eyJrIjoi"),
    rule("postman-key", r"PMAK-[A-Za-z0-9-]{20,}", "PMAK-"),
    rule("doppler-token", r"dp\.(?:pt|st|ct|sa|scim|audit|said)\.[A-Za-z0-9_.-]{20,}", "dp."),
    rule("sentry-token", r"sntry[su]_[A-Za-z0-9+/=_-]{20,}", "sntry"),
    rule("square-token", rf"sq0[a-z]{{3}}-{_WORD}{{20,}}", "sq0"),
    rule("planetscale-token", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{20,}", "pscale_"),
    rule("supabase-token", rf"sbp_[0-9a-f]{{32,}}|sb_secret_{_WORD}{{16,}}", "sbp_", "sb_secret_"),
    rule("notion-token", r"(?:ntn|secret)_[A-Za-z0-9]{30,}", "ntn_", "secret_", edge=True),
    rule("figma-token", rf"figd_{_WORD}{{20,}}", "figd_"),
    rule("airtable-token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}", "pat", edge=True),
)
PACKAGE: Final = (
    rule("npm-token", r"npm_[A-Za-z0-9]{20,}", "npm_", edge=True),
    rule("pypi-token", rf"pypi-Ag{_WORD}{{16,}}", "pypi-Ag"),
    rule("docker-token", rf"dckr_(?:pat|oat)_{_WORD}{{16,}}", "dckr_"),
    rule("rubygems-key", r"rubygems_[0-9a-f]{24,}", "rubygems_"),
    rule("crates-token", r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])", "cio", accept=has_digit, edge=True),
    rule(
        "model-key",
        rf"sk-(?:(?:proj|svcacct|admin|None|ant|or-v1|lf)-{_WORD}{{16,}}|[A-Za-z0-9]{{20,}})",
        "sk-",
        edge=True,
    ),
    rule("model-key", r"hf_[A-Za-z0-9]{30,}", "hf_", edge=True),
    rule("model-key", r"(?:gsk_|r8_|xai-)[A-Za-z0-9]{36,}", "gsk_", "r8_", "xai-", edge=True),
)
STORE: Final = (
    rule("vault-token", rf"hv[sbr]\.{_WORD}{{20,}}", "hvs.", "hvb.", "hvr.", edge=True),
    rule("terraform-token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}", ".atlasv1."),
    rule("age-key", r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Za-z]{30,}", "AGE-SECRET-KEY-"),
    rule(
        "kubernetes-key",
        r"client-key-data[\"']?:\s{0,4}[\"']?(?P<secret>[A-Za-z0-9+/=]{20,})",
        "client-key-data",
        loose=True,
    ),
)
_AUTHORIZATION = r"(?i:authorization)[\\\"']{0,3}\s{0,4}[:=]\s{0,4}[\\\"']{0,3}"
HEADER: Final = (
    rule(
        "authorization",
        _AUTHORIZATION + r"(?i:bearer|basic|token|bot|apikey|negotiate|ntlm)\s{1,4}(?P<secret>[^\s\"'\\,;<>‹]+)",
        "authorization",
        accept=_is_header_value,
        loose=True,
    ),
    rule(
        "authorization",
        _AUTHORIZATION + r"(?i:digest|aws4-hmac-sha256|hawk|signature)\s{1,4}(?P<secret>[^\s\"'=,‹]{1,64}=[^\r\n]*)",
        "authorization",
        loose=True,
    ),
    rule(
        "authorization",
        _AUTHORIZATION + r"(?P<secret>[A-Za-z0-9._~+/=-]{16,})",
        "authorization",
        accept=has_digit,
        loose=True,
    ),
    rule(
        "authorization",
        r"(?i:bearer)\s{1,4}(?P<secret>[A-Za-z0-9._~+/=-]{8,})",
        "bearer",
        accept=_is_bearer,
        edge=True,
        loose=True,
    ),
    rule(
        "cookie",
        r"(?i:cookie)[\\\"']{0,3}\s{0,4}:\s{0,4}[\\\"']{0,3}(?P<secret>[^\s\"'=;,<>‹]{1,128}=[^\r\n\"]+)",
        "cookie",
        loose=True,
    ),
    rule("jwt", r"eyJ[A-Za-z0-9_.-]{20,}", "eyJ", accept=_is_jwt),
)
