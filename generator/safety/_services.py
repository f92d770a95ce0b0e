"""The table: tokens of chat, payment, mail, monitoring and work services, which have a shape of their own."""

from __future__ import annotations

from typing import Final

from generator.safety._checks import has_digit, is_discord
from generator.safety._rules import BLANK, rule

_WORD = r"[A-Za-z0-9_-]"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

CHAT: Final = (
    rule(
        "slack-token",
        r"xox[a-zA-Z][.-][A-Za-z0-9.-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}",
        *("xox", "xapp-"),
        sign="xox[a-zA-Z][.-]|xapp-",
    ),
    rule(
        "slack-webhook",
        r"(?i:hooks\.slack\.com)/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9_/+-]{10,})",
        "hooks.slack.com",
        loose=True,
    ),
    rule(
        "discord-webhook",
        rf"(?i:discord(?:app)?\.com)/api/(?:v[0-9]{{1,2}}/)?webhooks/(?P<secret>[0-9]{{5,}}/{_WORD}{{16,}})",
        "/webhooks/",
        loose=True,
    ),
    rule(
        "discord-token",
        rf"[MNO]{_WORD}{{23,25}}\.{_WORD}{{6}}\.{_WORD}{{27,}}",
        ".",
        sign=rf"\.{_WORD}{{6}}\.",
        context="discord",
        edge=True,
    ),
    rule(
        "discord-token",
        r"M[TDjz][A-Za-z0-9]{22,24}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}",
        *("MT", "MD", "Mj", "Mz"),
        sign="M[TDjz][A-Za-z0-9]{6}",
        accept=is_discord,
        edge=True,
    ),
    rule(
        "teams-webhook",
        rf"(?i:webhook\.office\.com)/(?P<secret>webhookb2/[^{BLANK}\"'<>]{{16,}})",
        "webhook.office.com",
        loose=True,
    ),
    rule(
        "chat-webhook",
        r"(?i:hooks\.zapier\.com|chat\.googleapis\.com|maker\.ifttt\.com|/hooks/catch)(?P<secret>/[A-Za-z0-9_/?&=%.-]{16,})",
        *("hooks.zapier.com", "chat.googleapis.com", "maker.ifttt.com", "/hooks/catch"),
        loose=True,
    ),
    rule("telegram-token", rf"[0-9]{{8,10}}:AA{_WORD}{{30,}}", ":AA", sign=rf"[0-9]:AA{_WORD}{{8}}"),
    rule(
        "twilio-key",
        r"(?P<secret>(?:SK|AC)[0-9a-f]{32})(?:[^A-Za-z0-9]|$)",
        *("SK", "AC"),
        sign="(?:SK|AC)[0-9a-f]{8}",
        edge=True,
    ),
)
PAYMENT: Final = (
    rule("stripe-key", r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,}", "k_live_", "k_test_", "k_prod_"),
    rule("stripe-key", r"whsec_[A-Za-z0-9+/=]{16,}", "whsec_"),
    rule("square-token", rf"sq0[a-z]{{3}}-{_WORD}{{20,}}", "sq0"),
    rule("square-token", rf"EAAA[a-zA-Z]{_WORD}{{55,}}", "EAAA", edge=True),
    rule("braintree-token", r"access_token\$[a-z]{4,12}\$[a-z0-9]{12,20}\$[0-9a-f]{32}", "access_token$"),
    rule("razorpay-key", r"rzp_(?:live|test)_[A-Za-z0-9]{14,}", "rzp_"),
    rule("flutterwave-key", r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?", "FLWSECK"),
    rule("shippo-token", r"shippo_(?:live|test)_[0-9a-f]{40}", "shippo_"),
    rule("easypost-key", r"EZ[AT]K[A-Za-z0-9]{50,}", "EZAK", "EZTK", edge=True),
    rule("plaid-token", rf"access-(?:sandbox|development|production)-{_UUID}", "access-"),
    rule("duffel-token", rf"duffel_(?:test|live)_{_WORD}{{40,}}", "duffel_"),
    rule("payment-key", r"live_[A-Za-z0-9]{30,40}", "live_", sign="live_[A-Za-z0-9]{30}", accept=has_digit, edge=True),
)
MAIL: Final = (
    rule("sendgrid-key", rf"SG\.{_WORD}{{16,}}\.{_WORD}{{16,}}", "SG."),
    rule("mailgun-key", r"key-[0-9a-f]{32}", "key-", sign="key-[0-9a-f]{8}", edge=True),
    rule(
        "mailgun-key",
        r"(?P<secret>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?:[^A-Za-z0-9-]|$)",
        "-",
        sign="[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}",
        context="mailgun",
        edge=True,
    ),
    rule("mailchimp-key", r"[0-9a-f]{32}-us[0-9]{1,2}", "-us", sign="[0-9a-f]-us[0-9]", edge=True),
    rule("brevo-key", r"x(?:key|smtp)sib-[0-9a-f]{40,}-[A-Za-z0-9]{10,}", "xkeysib-", "xsmtpsib-"),
    rule(
        "resend-key",
        r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}",
        "re_",
        sign="re_[A-Za-z0-9]{8}_",
        accept=has_digit,
        edge=True,
    ),
    rule("hubspot-token", rf"pat-(?:na|eu|ap)[0-9]-{_UUID}", "pat-na", "pat-eu", "pat-ap"),
    rule("typeform-token", r"tfp_[A-Za-z0-9_.=-]{40,}", "tfp_", accept=has_digit, edge=True),
)
MONITOR: Final = (
    rule(
        "newrelic-key",
        r"NR(?:AK|II|JS|BR|SP|RA)-[A-Za-z0-9-]{16,}",
        *("NRAK-", "NRII-", "NRJS-", "NRBR-", "NRSP-", "NRRA-"),
    ),
    rule("grafana-token", r"gl(?:c|sa)_[A-Za-z0-9+/=_]{20,}", "glc_", "glsa_", edge=True),
    rule("grafana-token", r"eyJrIjoi[A-Za-z0-9+/]{40,}={0,2}", "eyJrIjoi"),
    rule("sentry-token", r"sntry[su]_[A-Za-z0-9+/=_-]{20,}", "sntry"),
    rule("honeycomb-key", r"hc[abx][ilm]k_[a-z0-9]{40,}", "ik_", "lk_", "mk_", sign="hc[abx][ilm]k_"),
    rule("posthog-key", r"ph[cx]_[A-Za-z0-9]{30,}", "phc_", "phx_", accept=has_digit, edge=True),
    rule("logfire-token", r"pylf_v[0-9]_[a-z]{2}_[A-Za-z0-9]{30,}", "pylf_v"),
)
WORK: Final = (
    rule("shopify-token", r"shp(?:at|ca|pa|ss|ua|rt)_[A-Fa-f0-9]{24,}", "shp", sign="shp(?:at|ca|pa|ss|ua|rt)_"),
    rule("linear-key", r"lin_(?:api|oauth)_[A-Za-z0-9]{20,}", "lin_", sign="lin_(?:api|oauth)_"),
    rule("atlassian-token", r"AT(?:ATT|CTT|STT)3[A-Za-z0-9_=-]{20,}", "ATT3", "CTT3", "STT3"),
    rule("trello-token", r"ATTA[0-9a-f]{60,}", "ATTA", edge=True),
    rule("databricks-token", r"dapi[0-9a-f]{32}(?:-[0-9])?", "dapi", edge=True),
    rule("postman-key", r"PMAK-[A-Za-z0-9-]{20,}", "PMAK-"),
    rule("doppler-token", r"dp\.(?:pt|st|ct|sa|scim|audit|said)\.[A-Za-z0-9_.-]{20,}", "dp.", sign=r"dp\.[a-z]{2,5}\."),
    rule("planetscale-token", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{20,}", "pscale_"),
    rule("supabase-token", rf"sbp_[0-9a-f]{{32,}}|sb_secret_{_WORD}{{16,}}", "sbp_", "sb_secret_"),
    rule("neon-key", r"napi_[a-z0-9]{50,}", "napi_", edge=True),
    rule(
        "notion-token",
        r"(?:ntn|secret)_[A-Za-z0-9]{30,}",
        "ntn_",
        "secret_",
        sign="(?:ntn|secret)_[A-Za-z0-9]{30}",
        accept=has_digit,
        edge=True,
    ),
    rule("figma-token", rf"figd_{_WORD}{{20,}}", "figd_"),
    rule("airtable-token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}", "pat", sign="pat[A-Za-z0-9]{6}", edge=True),
    rule("contentful-token", rf"CFPAT-{_WORD}{{40,}}", "CFPAT-"),
    rule("dropbox-token", rf"sl\.(?:u\.)?{_WORD}{{120,}}", "sl.", sign=rf"sl\.(?:u\.)?{_WORD}{{12}}", edge=True),
    rule("frameio-token", rf"fio-u-{_WORD}{{50,}}", "fio-u-"),
    rule("facebook-token", r"EAA[A-Za-z0-9]{80,}", "EAA", sign="EAA[A-Za-z0-9]{8}", edge=True),
)
