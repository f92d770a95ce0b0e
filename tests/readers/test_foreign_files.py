"""The files of another computer: one name wherever the tests ran, and two names for two files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.readers._foreign_files import suite_names
from generator.readers._told import error_said, split_error

PARTS = st.sampled_from(["src", "test", "home", "shop", "a", "b.test.ts", "..", ".", "", "C:"])
PATHS = st.builds(lambda start, parts: start + "/".join(parts), st.sampled_from(["", "/", "C:/"]), st.lists(PARTS))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("test/cart.spec.js", "test/cart.spec.js"),
        ("./spec/cart_spec.rb", "spec/cart_spec.rb"),
        ("test\\cart.spec.js", "test/cart.spec.js"),
        ("/home/ann/shop/src/cart.test.ts", "src/cart.test.ts"),
        ("/Users/test/shop/packages/ui/src/cart.test.ts", "packages/ui/src/cart.test.ts"),
        ("C:\\agents\\3\\shop\\tests\\cart.test.ts", "tests/cart.test.ts"),
        ("/usr/src/app/test/cart.test.ts", "test/cart.test.ts"),
        ("/checkouts/shop/shop/components/cart/total.test.ts", "components/cart/total.test.ts"),
        ("/srv/shop/components/cart.test.ts", "components/cart.test.ts"),
        ("file:///srv/shop/features/cart.feature", "features/cart.feature"),
        ("classpath:shop/cart.feature", "shop/cart.feature"),
        ("cart.js", "cart.js"),
        ("/cart.js", "cart.js"),
        ("", ""),
    ],
)
def test_a_file_has_one_name_wherever_its_tests_ran(path: str, name: str) -> None:
    assert suite_names([path]) == {path: name}


def test_two_files_never_share_a_name() -> None:
    paths = ["/srv/tea/ui/cart.js", "/srv/milk/ui/cart.js", "/srv/milk/ui/tin.js"]
    assert suite_names(paths) == {
        "/srv/tea/ui/cart.js": "tea/ui/cart.js",
        "/srv/milk/ui/cart.js": "milk/ui/cart.js",
        "/srv/milk/ui/tin.js": "ui/tin.js",
    }


@given(paths=st.lists(PATHS, max_size=6))
def test_any_paths_get_names_that_do_not_depend_on_their_order(paths: list[str]) -> None:
    names = suite_names(paths)
    assert names == suite_names(reversed(paths))
    assert set(names) == set(paths)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("TypeError: x is not a function\n    at a (b.js:1:2)", "TypeError", "x is not a function"),
        ("AssertionError [ERR_ASSERTION]: 1 == 2", "AssertionError", "1 == 2"),
        ("java.lang.AssertionError: expected 1\n\tat a.B.c(B.java:1)", "java.lang.AssertionError", "expected 1"),
        ("Error\n    at a (b.js:1:2)", "Error", "Error"),
        ("no tea\nleft", "", "no tea\nleft"),
        ("Traceback (most recent call last):\n  File 'a'\nKeyError: 'tea'", "KeyError", "'tea'"),
        (
            ">  assert 1 == 2\nE  AssertionError: assert 1 == 2\nE   +  where",
            "AssertionError",
            "assert 1 == 2\n+  where",
        ),
        ("no tea (RuntimeError)\n./a.rb:1:in `b'", "RuntimeError", "no tea"),
        ("", "", ""),
    ],
)
def test_an_error_is_split_into_type_and_message(text: str, kind: str, message: str) -> None:
    assert split_error(text) == (kind, message)


def test_a_message_that_the_stack_does_not_repeat_stands_before_it() -> None:
    said = error_said("no tea", "    at a (b.js:1:2)")
    assert (said.message, said.trace) == ("no tea", "no tea\n    at a (b.js:1:2)")
