"""HTML as a test looks at it: elements, attributes and texts."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Seen(HTMLParser):
    """Everything that stands in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.structure: Counter[tuple[str, ...]] = Counter()
        self.values: list[tuple[str, str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.structure[tag, *(name for name, _ in attrs)] += 1
        self.values += [(tag, name, value or "") for name, value in attrs]
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.structure["/" + tag,] += 1
        self.texts.append("")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.structure["comment",] += 1

    def handle_data(self, data: str) -> None:
        if not self.texts:
            self.texts.append("")
        self.texts[-1] += data

    def attribute(self, name: str) -> list[str]:
        return [value for _, found, value in self.values if found == name]


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    parser.close()
    return parser
