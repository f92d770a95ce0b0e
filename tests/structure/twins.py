"""Hostile texts and their harmless twins.

A twin has a harmless sign in the place of each character that HTML, JSON, templates, Markdown or a shell could take for
structure; everything else is the same. The sign is no letter and no white space either, and it stands before or after
letters and digits as the character did, so that the twin falls into the same class wherever pages look at a text: just
as long, with the same words, lines and ending, and at the same place in a sorted list.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from generator.safety.text import clean_message

_SIGNS: Final = {"+": "\"#$%&'()*", "@": ";<=>", "^": "[]`", "~": "{|}"}
STRUCTURAL: Final = "".join(_SIGNS.values())
"""Characters that structure is made of somewhere."""

_TWIN: Final = str.maketrans({character: sign for sign, characters in _SIGNS.items() for character in characters})

PAYLOADS: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "{{ 7*7 }}{% raw %}{# no #}${7*7}#{7*7}",
    "</pre></code></td></template></script></title></style></textarea><!--",
    "--><svg/onload=alert(1)><![CDATA[",
    "javascript:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &quot;",
    '--8<-- "/etc/passwd" `id` | ls && rm',
    "[text](javascript:alert(1)) ![x](https://evil.example/x.png) <https://evil.example>",
    "Vec<Option<&str>> 100 % {{ x }}",
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "\u202egpj.exe\u2066\u200b\ufeff\u2028\u2029\x00\x07\x7f\x9b31m",
    "\r\n\r\nX-Header: x<\r\tafter",
    "\ud800 lone and \U000e0041 tagged",
    "Grüße, \u0645\u0631\u062d\u0628\u0627, \u4e16\u754c, \U0001f469\u200d\U0001f4bb, e" + 6 * "\u0301",
)
"""Texts that broke some page before, and texts that must survive unharmed."""

_PIECES = st.sampled_from(PAYLOADS) | st.text(max_size=20) | st.sampled_from(STRUCTURAL)

hostile_texts: Final = st.lists(_PIECES, min_size=1, max_size=4).map(
    lambda pieces: clean_message(f"{''.join(pieces)}zQ7")
)
"""Any text as the readers let it through: payloads, any characters whatever, and mixtures; with an end of its own."""


def twin(text: str) -> str:
    """Return the harmless twin of a text; that of a twin is the twin itself."""
    return text.translate(_TWIN)


def payload(number: int, pieces: int = 4) -> str:
    """Return some payloads as one clean text; another number gives others, and each comes first for some number."""
    return clean_message("".join(PAYLOADS[(number + place * 5) % len(PAYLOADS)] for place in range(pieces)))
