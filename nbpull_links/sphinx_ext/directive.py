"""The ``launch`` directive and role: ordinary links, so every builder can write them.

Both leave a reference without an address. It gets one when the page has been read, because only
then is the page's metadata known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from nbpull_links.errors import InvalidValueError
from nbpull_links.sphinx_ext.launch import link_to
from nbpull_links.sphinx_ext.pages import change, check_given, look_at
from nbpull_links.sphinx_ext.sources import source_of
from nbpull_links.sphinx_ext.words import launch_on

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["LaunchDirective", "LaunchRole", "fill_in_links"]

logger = logging.getLogger(__name__)

_WAITING = "nbpull-launch"
_CONTENT = ("repo", "branch", "app", "urlpath", "targetpath", "depth")
_OPTIONS = {
    "place": directives.unchanged_required,
    **dict.fromkeys(_CONTENT, directives.unchanged_required),
    "class": directives.class_option,
    "badge": directives.flag,
}
HERE = "."
"""The path that means the page itself."""


class LaunchDirective(SphinxDirective):
    """A link that launches this page, or the path of the content repo that is its argument.

    The text of the link is the directive's content.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _OPTIONS

    def run(self) -> list[nodes.Node]:
        """Give a paragraph with the link in it."""
        path = self.arguments[0] if self.arguments else HERE
        link = _waiting_link(path, " ".join(self.content).strip(), self.options)
        self.set_source_info(link)
        return [nodes.paragraph("", "", link)]


class LaunchRole(ReferenceRole):
    """A link in the text: ``:launch:`Try it <path>```; the path ``.`` is the page itself."""

    # Options are for roles made from this one with docutils' ``role`` directive.
    options: Any = _OPTIONS

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the link."""
        text = self.title if self.has_explicit_title or self.target != HERE else ""
        link = _waiting_link(self.target, text, self.options)
        self.set_source_info(link)
        return [link], []


def _waiting_link(path: str, text: str, options: dict[str, Any]) -> nodes.reference:
    given = {name: options[name] for name in _CONTENT if name in options}
    if path != HERE:
        given["path"] = path
    badge = ["nbpull-badge"] if "badge" in options else []
    classes = ["nbpull-link", *badge, *options.get("class", options.get("classes", []))]
    link = nodes.reference("", text, internal=False, classes=classes)
    link[_WAITING] = {"given": given, "place": options.get("place", "")}
    return link


def fill_in_links(app: Sphinx, doctree: nodes.document) -> None:
    """Give every launch link of a page its address; what cannot be launched stays as text."""
    for link in list(doctree.findall(nodes.reference)):
        if _WAITING not in link:
            continue
        waiting = link[_WAITING]
        del link[_WAITING]
        try:
            label, link["refuri"] = _resolve(app, waiting)
        except InvalidValueError as error:
            logger.warning("launch: %s", error, location=link, type="nbpull", subtype="launch")
            link.replace_self(nodes.inline("", link.astext(), classes=link["classes"]))
        else:
            if not link.children:
                link.append(nodes.Text(launch_on(label)))


def _resolve(app: Sphinx, waiting: dict[str, Any]) -> tuple[str, str]:
    """Give label and address of a link that waits for them."""
    settings = app.config.nbpull_settings
    page, _, _ = look_at(source_of(app, app.env.docname), settings)
    values, problems = check_given(waiting["given"])
    if problems:
        raise InvalidValueError("option-invalid", " ".join(problems))
    return link_to(waiting["place"], change(page, values), settings.options)
