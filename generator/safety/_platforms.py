"""The table: tokens of forges, clouds, CI services and secret stores, which have a shape of their own."""

from __future__ import annotations

from typing import Final

from generator.safety._checks import has_digit, is_mixed, is_no_name, is_not_hex
from generator.safety._rules import BLANK, rule

_WORD = r"[A-Za-z0-9_-]"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

FORGE: Final = (
    rule(
        "github-token",
        r"gh[pousr]_[A-Za-z0-9]{16,}(?:[._-]{1,2}[A-Za-z0-9]{16,})*",
        *("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    ),
    rule("github-token", r"github_pat_[A-Za-z0-9_]{16,}", "github_pat_", accept=is_no_name),
    rule(
        "gitlab-token",
        rf"gl(?:pat|cbt|rtr|rt|dt|ptt|soat|ft|imt|agent|oas|ffct|wt)-{_WORD}{{16,}}(?:\.{_WORD}{{2,}})*",
        *("glpat-", "glcbt-", "glrt-", "glrtr-", "gldt-", "glptt-", "glsoat-", "glft-", "glimt-", "glagent-"),
        *("gloas-", "glffct-", "glwt-"),
    ),
    rule("gitlab-token", rf"GR1348941{_WORD}{{16,}}", "GR1348941"),
    rule("bitbucket-token", r"ATBB[A-Za-z0-9]{20,}", "ATBB"),
    rule(
        "azure-devops-token",
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
        "AZDO",
        sign=r"[A-Za-z0-9]AZDO[A-Za-z0-9]{4}",
        edge=True,
    ),
)
CLOUD: Final = (
    rule(
        "aws-key-id",
        r"(?P<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?:[^A-Z0-9]|$)",
        *("AKIA", "ASIA", "ABIA", "ACCA"),
        edge=True,
    ),
    rule(
        "aws-secret-key",
        rf"(?i:aws)[^\n]{{0,40}}?[{BLANK}\"'=:](?P<secret>[A-Za-z0-9/+]{{40}})(?:[^A-Za-z0-9/+=]|$)",
        "aws",
        accept=is_not_hex,
        loose=True,
    ),
    rule("aws-session-token", r"(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=%]{60,}", "IQoJ", "FwoG", "FQoG"),
    rule("aws-bedrock-key", r"ABSK[A-Za-z0-9+/]{90,}={0,2}", "ABSK", edge=True),
    rule("aws-signature", r"(?i:-signature)=(?P<secret>[0-9a-fA-F]{16,})", "-signature=", loose=True),
    rule("url-signature", r"[?&;](?i:signature)=(?P<secret>[A-Za-z0-9%+/=_~-]{20,})", "signature=", loose=True),
    rule("google-api-key", rf"AIza{_WORD}{{30,}}", "AIza"),
    rule("google-oauth", r"ya29\.[A-Za-z0-9_.-]{16,}", "ya29."),
    rule("google-oauth", rf"1//0{_WORD}{{30,}}", "1//0", edge=True),
    rule("google-client-secret", rf"GOCSPX-{_WORD}{{16,}}", "GOCSPX-"),
    rule(
        "google-service-account",
        rf"(?i:private_key_id)[\\\"'{BLANK}:=]{{1,8}}(?P<secret>[0-9a-f]{{40}})",
        "private_key_id",
        loose=True,
    ),
    rule("firebase-key", rf"{_WORD}{{8,24}}:APA91b{_WORD}{{80,}}", ":APA91b"),
    rule("azure-sas", r"(?i:sig)=(?P<secret>[A-Za-z0-9%+/=_-]{20,})", "sig=", edge=True, loose=True),
    rule(
        "azure-account-key",
        r"(?i:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/=%]{20,})",
        *("accountkey=", "accesskey="),
        loose=True,
    ),
    rule("azure-client-secret", r"[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,}", "Q~"),
    rule("azure-key", r"[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{10,40}={0,2}", "JQQJ99", edge=True),
    rule("digitalocean-token", r"do[opr]_v1_[a-f0-9]{40,}", "_v1_", sign="do[opr]_v1_"),
    rule("heroku-key", rf"HRKU-{_WORD}{{20,}}", "HRKU-"),
    rule("alibaba-key-id", r"LTAI[A-Za-z0-9]{12,26}", "LTAI", edge=True),
    rule("tencent-key-id", r"AKID[A-Za-z0-9]{32}", "AKID", edge=True),
    rule("yandex-key", rf"AQVN{_WORD}{{35,}}", "AQVN", edge=True),
    rule("cloudflare-key", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}", "v1.0-", edge=True),
    rule("fly-token", r"fm[12][a-z]?_[A-Za-z0-9+/=_,-]{50,}", "fm1", "fm2", sign="fm[12][a-z]?_", edge=True),
    rule("netlify-token", r"nfp_[A-Za-z0-9]{30,}", "nfp_", accept=has_digit, edge=True),
    rule(
        "vercel-token",
        r"vc[acikpr]_[A-Za-z0-9]{24,}",
        *("vca_", "vcc_", "vci_", "vck_", "vcp_", "vcr_"),
        accept=has_digit,
        edge=True,
    ),
    rule("render-key", r"rnd_[A-Za-z0-9]{28,}", "rnd_", accept=has_digit, edge=True),
    rule("pulumi-token", r"pul-[0-9a-f]{40}", "pul-", edge=True),
)
SERVER: Final = (
    rule("circleci-token", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{16,}_[0-9a-f]{40}", "CCIPAT_", "CCIPRJ_"),
    rule("buildkite-token", r"bk(?:ua|aj|ct|pt)_[0-9a-f]{40,}", "bkua_", "bkaj_", "bkct_", "bkpt_"),
    rule("sonar-token", r"sq[upa]_[0-9a-f]{40}", "squ_", "sqp_", "sqa_", edge=True),
    rule("snyk-token", r"snyk_(?:uat|sat)\.[A-Za-z0-9_.-]{20,}", "snyk_"),
    rule("artifactory-token", r"AKC[a-z][A-Za-z0-9]{60,}", "AKC", sign="AKC[a-z]", edge=True),
    rule("artifactory-token", r"cmVmdGtu[A-Za-z0-9]{48,}", "cmVmdGtu", edge=True),
    rule("launchdarkly-key", rf"(?:sdk|mob|api)-{_UUID}", "sdk-", "mob-", "api-", sign="(?:sdk|mob|api)-[0-9a-f]{8}-"),
    rule("dynatrace-token", r"dt0[a-z][0-9]{2}\.[A-Z0-9]{20,}\.[A-Z0-9]{60,}", "dt0", sign="dt0[a-z]"),
)
STORE: Final = (
    rule("vault-token", rf"hv[sbr]\.{_WORD}{{20,}}", "hvs.", "hvb.", "hvr.", edge=True),
    rule("terraform-token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}", ".atlasv1."),
    rule("age-key", r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Za-z]{30,}", "AGE-SECRET-KEY-"),
    rule("onepassword-token", r"ops_eyJ[A-Za-z0-9+/=_-]{80,}", "ops_eyJ", edge=True),
    rule("infisical-token", r"st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}", "st.", sign=r"st\.[0-9a-f]{6}", edge=True),
    rule(
        "kubernetes-key",
        rf"(?i:client-key-data)[\"']?:[{BLANK}]{{0,4}}[\"']?(?P<secret>[A-Za-z0-9+/=]{{20,}})",
        "client-key-data",
        loose=True,
    ),
    rule(
        "docker-auth",
        rf"\"auth\\?\"[{BLANK}]{{0,4}}:[{BLANK}]{{0,4}}\\?\"(?P<secret>[A-Za-z0-9+/=]{{8,}})\\?\"",
        '"auth',
        accept=is_mixed,
    ),
    rule(
        "putty-key",
        r"Private-Lines: [0-9]{1,4}[ \t\r]{0,2}\n(?P<secret>(?:[A-Za-z0-9+/=]{8,}[ \t\r\n]{0,3}){1,100})",
        "Private-Lines:",
    ),
)
