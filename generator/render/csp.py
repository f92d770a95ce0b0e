"""The content security policy of every page, and the inline scripts of the theme, which it does not allow."""

from __future__ import annotations

import hashlib
import re

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "object-src 'none'; frame-src 'none'"
)
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'

_CHARSET = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.IGNORECASE)
_INLINE = re.compile(
    r"<script(?![^>]*(?:\ssrc=|application/(?:ld\+)?json))[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)


def with_policy(html: str) -> str:
    """Return the page with the policy right behind the charset; raises ValueError when it declares none."""
    done, count = _CHARSET.subn(lambda found: found[0] + META, html, count=1)
    if not count:
        raise ValueError("the page declares no charset to put the policy behind")
    return done


class InlineScripts:
    """Inline scripts of the theme, moved into files whose names carry their hash."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def move(self, html: str, folder: str) -> str:
        """Return the page with every inline script loaded from `folder` instead; order and timing stay the same."""
        return _INLINE.sub(lambda found: self._element(found[1], folder), html)

    def _element(self, script: str, folder: str) -> str:
        data = script.strip().encode()
        name = f"inline.{hashlib.sha256(data).hexdigest()[:8]}.js"
        self.files[name] = data
        return f'<script src="{folder}{name}"></script>'
