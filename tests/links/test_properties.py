"""What holds for every link and for every text."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings

import link_values
from nbpull_links import NbpullError, parse_link

many = settings(
    max_examples=250, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
# What a valid link may hold and still deserve a word.
DOUBTS = {
    "commit-as-branch", "other-directory", "unescaped-character", "double-slash", "template",
    "over-encoded", "odd-server",
}  # fmt: skip


@given(link=link_values.links)
@many
def test_every_link_is_read_back_as_itself(link):
    read = parse_link(str(link))
    assert read == link
    assert {warning.code for warning in read.warnings} <= DOUBTS


def read(text):
    """Read a text, or give the error of ours that refuses it; any other error is a failure."""
    try:
        return parse_link(text)
    except NbpullError as error:
        return error


@given(text=link_values.noise)
@example("https://[::1")
@example("https://h.org:99999/git-pull?repo=https://h.org/r")
@example("https://h.org/git-pull?repo=%ff%zz&urlpath=%00")
@example("\ud800")
@example("https://h.org/hub/login?next=" * 100)
@example("https://h.org/?next=/a?next=/b?next=/c?next=/d?next=/e?next=/f?next=/g?next=/h?next=/i")
@many
def test_reading_raises_none_but_our_own_errors_and_what_is_read_is_a_link(text):
    link = read(text)
    if isinstance(link, NbpullError):
        assert link.code
        assert link.message
        assert "\n" not in str(link)
    else:
        assert parse_link(str(link)) == link
