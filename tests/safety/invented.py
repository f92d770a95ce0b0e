"""Secrets of every kind, made at run time so that no scanner finds one in a source, and texts that only look alike."""

from __future__ import annotations

import base64
import json
import random
import string

LETTERS = string.ascii_letters + string.digits
DICE = random.Random(20260301)  # noqa: S311 -- invented secrets must be the same in every run


def letters(length: int, alphabet: str = LETTERS) -> str:
    return "".join(DICE.choice(alphabet) for _ in range(length))


def hexes(length: int) -> str:
    return letters(length, "0123456789abcdef")


def capitals(length: int) -> str:
    return letters(length, string.ascii_uppercase + string.digits)


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def digits_packed(length: int) -> str:
    return base64.b64encode(("1" + letters(length - 1, string.digits)).encode()).decode().rstrip("=")


def uuid() -> str:
    return "-".join(hexes(length) for length in (8, 4, 4, 4, 12))


def jwt() -> str:
    return f"{packed({'alg': 'HS256', 'typ': 'JWT'})}.{packed({'sub': letters(10), 'iat': 1})}.{letters(43)}"


# kind, the secret, the text around it ({} = the secret)
TABLE: list[tuple[str, str, str]] = [
    *(("github-token", f"gh{kind}_" + letters(36), "token {}") for kind in "pousr"),
    ("github-token", "github" + "_pat_" + letters(22) + "_" + letters(59), "x{}"),
    *(
        ("gitlab-token", f"gl{kind}-" + letters(20), "{}")
        for kind in "pat cbt rt rtr dt ptt soat ft imt agent oas ffct wt".split()  # noqa: SIM905
    ),
    ("gitlab-token", "glp" + "at-" + letters(20) + ".01." + letters(9), "{}"),
    ("gitlab-token", "GR13" + "48941" + letters(20), "{}"),
    *(("aws-key-id", kind + capitals(16), "id {} in") for kind in ("AK" + "IA", "AS" + "IA", "AB" + "IA", "AC" + "CA")),
    ("aws-secret-key", letters(39) + "/", "aws_secret_access_key = {}"),
    ("aws-secret-key", "/" + letters(39), "aws key '{}'"),
    ("aws-session-token", "IQ" + "oJ" + letters(300), "{}"),
    ("aws-signature", hexes(64), "https://b.s3.example/o?X-Amz-Signature={}&x=1"),
    ("google-api-key", "AI" + "za" + letters(35), "{}"),
    ("google-oauth", "ya" + "29." + letters(120), "{}"),
    ("google-oauth", "1/" + "/0" + letters(60), "refresh {}"),
    ("google-client-secret", "GOC" + "SPX-" + letters(28), "{}"),
    ("google-service-account", hexes(40), '"private_key_id": "{}"'),
    ("azure-sas", letters(43) + "%3D", "https://a.blob.example/c?sv=2022&sig={}"),
    ("azure-account-key", letters(86) + "==", "AccountName=x;AccountKey={};EndpointSuffix=y"),
    ("azure-client-secret", letters(3) + "8Q" + "~" + letters(34), "{}"),
    ("digitalocean-token", "do" + "p_v1_" + hexes(64), "{}"),
    ("heroku-key", "HR" + "KU-" + letters(36), "{}"),
    *(("slack-token", f"xox{kind}-" + "1" * 11 + "-" + letters(24), "{}") for kind in "abeoprs"),
    ("slack-token", "xap" + "p-1-" + capitals(11) + "-" + letters(40), "{}"),
    (
        "slack-webhook",
        "T" + capitals(8) + "/B" + capitals(8) + "/" + letters(24),
        "https://hooks.slack.com/services/{}",
    ),
    ("discord-webhook", "1" * 18 + "/" + letters(68), "https://discord.com/api/webhooks/{}"),
    ("discord-token", "M" + letters(25) + "." + letters(6) + "." + letters(38), "discord {}"),
    ("discord-token", digits_packed(18) + "." + letters(6) + "." + letters(38), "{}"),
    ("teams-webhook", "webhookb2/" + letters(36) + "@" + letters(36), "https://x.webhook.office.com/{}"),
    ("telegram-token", "1" * 10 + ":A" + "A" + letters(33), "https://api.example/bot{}/send"),
    ("twilio-key", "S" + "K" + hexes(32), "twilio {}"),
    ("twilio-key", "A" + "C" + hexes(32), "{}"),
    *(("stripe-key", f"{kind}_live_" + letters(24), "{}") for kind in ("s" + "k", "r" + "k")),
    ("stripe-key", "wh" + "sec_" + letters(32), "{}"),
    ("sendgrid-key", "S" + "G." + letters(22) + "." + letters(43), "{}"),
    ("mailgun-key", "ke" + "y-" + hexes(32), "{}"),
    ("mailgun-key", hexes(32) + "-" + hexes(8) + "-" + hexes(8), "mailgun {}"),
    ("newrelic-key", "NR" + "AK-" + capitals(27), "{}"),
    ("shopify-token", "shp" + "at_" + hexes(32), "{}"),
    ("linear-key", "li" + "n_api_" + letters(40), "{}"),
    ("atlassian-token", "ATA" + "TT3xFfGF0" + letters(170) + "=0A1B2C3D", "{}"),
    ("bitbucket-token", "AT" + "BB" + letters(32), "{}"),
    ("databricks-token", "da" + "pi" + hexes(32), "{}"),
    ("grafana-token", "gl" + "sa_" + letters(32) + "_" + hexes(8), "{}"),
    ("grafana-token", "eyJr" + "Ijoi" + letters(60), "{}"),
    ("postman-key", "PM" + "AK-" + hexes(24) + "-" + hexes(34), "{}"),
    ("doppler-token", "dp" + ".pt." + letters(43), "{}"),
    ("sentry-token", "snt" + "rys_" + letters(60), "{}"),
    ("square-token", "sq" + "0atp-" + letters(22), "{}"),
    ("planetscale-token", "psc" + "ale_tkn_" + letters(40), "{}"),
    ("supabase-token", "sb" + "p_" + hexes(40), "{}"),
    ("supabase-token", "sb" + "_secret_" + letters(31), "{}"),
    ("notion-token", "nt" + "n_" + letters(46), "{}"),
    ("figma-token", "fi" + "gd_" + letters(40), "{}"),
    ("airtable-token", "pa" + "t" + letters(14) + "." + hexes(64), "{}"),
    ("azure-devops-token", letters(76) + "AZ" + "DO" + letters(4), "{}"),
    ("aws-bedrock-key", "AB" + "SK" + letters(120), "{}"),
    ("url-signature", letters(40) + "~", "https://d.cdn.example/o?Expires=1&Signature={}&Key-Pair-Id=K"),
    ("firebase-key", letters(11) + ":APA" + "91b" + letters(134), "{}"),
    ("azure-key", letters(52) + "JQ" + "QJ99" + letters(26), "{}"),
    ("alibaba-key-id", "LT" + "AI" + letters(20), "{}"),
    ("tencent-key-id", "AK" + "ID" + letters(32), "{}"),
    ("yandex-key", "AQ" + "VN" + letters(36), "{}"),
    ("cloudflare-key", "v1" + ".0-" + hexes(24) + "-" + hexes(146), "{}"),
    ("fly-token", "fm" + "2_" + letters(100), "FlyV1 {}"),
    ("netlify-token", "nf" + "p_" + letters(36), "{}"),
    ("vercel-token", "vc" + "p_" + letters(56), "{}"),
    ("render-key", "rn" + "d_" + letters(28), "{}"),
    ("pulumi-token", "pu" + "l-" + hexes(40), "{}"),
    ("circleci-token", "CCI" + "PAT_" + letters(22) + "_" + hexes(40), "{}"),
    ("buildkite-token", "bk" + "ua_" + hexes(40), "{}"),
    *(("sonar-token", f"sq{kind}_" + hexes(40), "{}") for kind in "upa"),
    ("snyk-token", "sny" + "k_uat." + hexes(8) + "." + letters(40), "{}"),
    ("artifactory-token", "AK" + "Cp" + letters(69), "{}"),
    ("artifactory-token", "cmVm" + "dGtu" + letters(56), "{}"),
    ("launchdarkly-key", "sd" + "k-" + uuid(), "{}"),
    ("dynatrace-token", "dt" + "0c01." + capitals(24) + "." + capitals(64), "{}"),
    ("onepassword-token", "op" + "s_eyJ" + letters(200), "{}"),
    ("infisical-token", "st." + hexes(24) + "." + hexes(32) + "." + hexes(32), "{}"),
    ("docker-auth", letters(18) + "a1Z=", '{{"auths": {{"r.example": {{"auth": "{}"}}}}}}'),
    ("putty-key", letters(64) + "\n" + letters(64) + "\n" + letters(20), "Private-Lines: 3\n{}"),
    ("chat-webhook", "/123456/" + letters(10) + "/x", "https://hooks.zapier.com/hooks/catch{}"),
    ("square-token", "EA" + "AAl" + letters(60), "{}"),
    ("braintree-token", "access_" + "token$production$" + hexes(16) + "$" + hexes(32), "{}"),
    ("razorpay-key", "rz" + "p_live_" + letters(14), "{}"),
    ("flutterwave-key", "FLW" + "SECK-" + hexes(32) + "-X", "{}"),
    ("shippo-token", "ship" + "po_live_" + hexes(40), "{}"),
    ("easypost-key", "EZ" + "AK" + letters(54), "{}"),
    ("plaid-token", "acc" + "ess-sandbox-" + uuid(), "{}"),
    ("payment-key", "li" + "ve_" + letters(35), "{}"),
    ("duffel-token", "duf" + "fel_live_" + letters(43), "{}"),
    ("mailchimp-key", hexes(32) + "-us" + "20", "{}"),
    ("brevo-key", "xke" + "ysib-" + hexes(64) + "-" + letters(16), "{}"),
    ("resend-key", "re" + "_" + letters(8) + "_" + letters(24), "{}"),
    ("hubspot-token", "pa" + "t-na1-" + uuid(), "{}"),
    ("typeform-token", "tf" + "p_" + letters(44), "{}"),
    ("honeycomb-key", "hc" + "aik_" + hexes(58), "{}"),
    ("posthog-key", "ph" + "c_" + letters(43), "{}"),
    ("logfire-token", "pylf" + "_v1_us_" + letters(43), "{}"),
    ("trello-token", "AT" + "TA" + hexes(64), "{}"),
    ("neon-key", "na" + "pi_" + hexes(64), "{}"),
    ("contentful-token", "CF" + "PAT-" + letters(43), "{}"),
    ("dropbox-token", "sl" + "." + letters(135), "{}"),
    ("frameio-token", "fi" + "o-u-" + letters(64), "{}"),
    ("facebook-token", "EA" + "AB" + letters(120), "{}"),
    ("nuget-key", "oy" + "2" + letters(42, "abcdefghijklmnop234567") + "7", "{}"),
    ("clojars-token", "CLO" + "JARS_" + hexes(60), "{}"),
    ("model-key", "pp" + "lx-" + letters(48), "{}"),
    ("model-key", "nv" + "api-" + letters(64), "{}"),
    ("model-key", "pc" + "sk_" + letters(60), "{}"),
    ("langsmith-key", "ls" + "v2_pt_" + hexes(32) + "_" + hexes(10), "{}"),
    ("npm-token", "np" + "m_" + letters(36), "//packages.example/:_authToken={}"),
    ("pypi-token", "py" + "pi-Ag" + "EI" + letters(110), "{}"),
    ("docker-token", "dck" + "r_pat_" + letters(27), "{}"),
    ("rubygems-key", "ruby" + "gems_" + hexes(48), "{}"),
    ("crates-token", "ci" + "o" + letters(31) + "7", "{}"),
    *(
        ("model-key", "s" + f"k-{kind}-" + letters(60), "using {}")
        for kind in ("proj", "ant", "svcacct", "admin", "or-v1")
    ),
    ("model-key", "s" + "k-" + letters(48), "using {}"),
    ("model-key", "h" + "f_" + letters(34), "{}"),
    ("model-key", "gs" + "k_" + letters(52), "{}"),
    ("vault-token", "hv" + "s." + letters(90), "{}"),
    ("terraform-token", letters(14) + ".atl" + "asv1." + letters(60), "{}"),
    ("age-key", "AGE-SECRET-" + "KEY-1" + capitals(58), "{}"),
    ("kubernetes-key", letters(80) + "==", "    client-key-data: {}"),
    ("jwt", jwt(), "id={}"),
    ("authorization", letters(32) + "7", "> Authorization: Bearer {}"),
    ("authorization", base64.b64encode(b"user:pass").decode(), "Authorization: Basic {}"),
    ("authorization", letters(20) + "7", "-H 'authorization: token {}'"),
    ("authorization", 'username="u", response="' + hexes(32) + '"', "Authorization: Digest {}"),
    ("authorization", letters(30) + "7", "Authorization={}"),
    ("authorization", letters(30) + "7", "sent bearer {} to"),
    ("cookie", "sid=" + letters(20), "Cookie: {}"),
    ("cookie", "sid=" + letters(20) + "; Path=/; HttpOnly", "Set-Cookie: {}"),
    ("assignment", letters(31) + "7", "X-Api-Key: {}"),
    ("assignment", hexes(32), "DD_API_KEY={}"),
    ("assignment", "Zx9!" + letters(12), "DB_PASSWORD={}"),
    ("assignment", "hunter", "x\npassword: {}\n"),
    ("assignment", letters(9) + "7", '{{"clientSecret": "{}"}}'),
    ("assignment", letters(9) + "7", "my-token: '{}'"),
    ("assignment", letters(9) + "7", "    secret: {}"),
    ("assignment", letters(9) + "7", "cmd --db-password={} x"),
    ("assignment", letters(9) + "7", "cmd --api-key {} x"),
    ("assignment", letters(9) + "7", "curl -u me:{} https://x.example"),
    ("assignment", letters(9) + "7", "docker login -u me -p {} x"),
    ("assignment", letters(9) + "7", "mysql -u root -p{} db"),
    ("assignment", letters(9) + "7", "GET /hook?access_token={}&x=1"),
    ("assignment", letters(9) + "7", "<password>{}</password>"),
    ("assignment", letters(9) + "7", 'token: Some("{}")'),
    ("netrc", "word" + letters(9), "machine x login y password {}"),
    ("url-password", "p" + letters(15), "postgres://app:{}@db/prod"),
    ("url-token", hexes(32), "dsn=https://{}@o1.ingest.example/2"),
]
KEEP = [
    "min_pass_rate_pct: 78.4 < 80.0",
    f"commit {hexes(40)}",
    f"git_sha {hexes(9)}",
    "550e8400-e29b-41d4-a716-446655440000",
    f"sha256:{hexes(64)}",
    f"sha512-{letters(86)}==",
    f"trace_id {hexes(32)}",
    f"00-{hexes(32)}-{hexes(16)}-01",
    "token_count=12",
    "test_github_pat_basic_missing_google_json_settings",
    "said the bearer\ncom.example.set.SetServe1",
    "at KeyJsonCookieReturns.java:12 in KeyJsonCookieReturns.KeyJsonCookieReturns",
    "test_shouldReturnTheCorrectValueForThing",
    "live_shouldReturnTheCorrectValueForEveryThing",
    "re_validate_shouldReturnTheCorrectValue",
    "npm_installShouldWorkEverywhere",
    "secret_shouldNotBeShownToAnybodyInTheLogs",
    "prompt_tokens: 123456",
    "max_tokens=4096",
    "password prompt skipped",
    "author: jane secretary key=primary monkey=7",
    "unexpected token: `foo`",
    "error: expected token: identifier",
    "let token: Option<&str> = None;",
    "  --> src/secret.rs:12:5",
    "token = get_token(user)",
    "assert token == expected",
    "Token::new(secret)",
    "pass: 12, fail: 3",
    "password: required",
    "secrets: inherit",
    "authorization: required",
    "Authorization: Bearer token required",
    "PWD=/home/x",
    "cmd --token TOKEN",
    "cmd --password <password>",
    "DB_PASSWORD=$DB_PASSWORD",
    "cargo test -p my_crate",
    "docker run -u 1000:1000 -p 8080:80 x",
    "git@github.com:a/b.git ssh://git@github.com/a https://github.com/a/b",
    "http://localhost:8080/a@b",
    "CARRIER_API_KEY=REDACTED cargo test",
    "token=[REDACTED]",
    "Authorization: Bearer REDACTED",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    base64.b64encode(b"the quick brown fox jumps over the lazy dog").decode(),
]


def token() -> str:
    return "gh" + "p_" + letters(36)
