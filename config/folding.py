"""Writes into a template's code what its language settles: words, addresses, icons.

A page asks for some two hundred of them, and they never change: resolved at run time, they were half of its cost.
The templates know nothing of it. Calls with constant arguments become their result; a translated sentence with
placeholders becomes its pieces, each escaped as Jinja escapes any output.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import gettext, ngettext
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|(%%)")


class Folder(NodeTransformer):
    """Folds the tree of one template. ``pure`` names the functions whose result depends on their arguments only."""

    def __init__(self, pure: Mapping[str, Callable[..., Any]]) -> None:
        self._pure = pure

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name = node.node.name
        if name in {"_", "gettext"}:
            return _sentence(node) or node
        if name == "ngettext":
            return _counted(node) or node
        return _result(node, self._pure[name]) or node if name in self._pure else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """Join constants here: Jinja would forget that one of them is markup."""
        self.generic_visit(node)
        known = [_constant(one) for one in node.nodes]
        if None in known or any(escape(one) != one for one in known):
            return node
        return nodes.TemplateData("".join(str(one) for one in known), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """Write the pieces of a sentence one after the other, rather than joined then written."""
        self.generic_visit(node)
        pieces: list[nodes.Expr] = []
        for one in node.nodes:
            pieces.extend(one.nodes if isinstance(one, nodes.Concat) else [one])
        node.nodes = pieces
        return node


def _constant(node: nodes.Expr) -> str | None:
    """Return the text that a node is, None when it is known at run time only."""
    if isinstance(node, nodes.TemplateData):
        return Markup(node.data)  # noqa: S704  (the template's own text)
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def _result(node: nodes.Call, function: Callable[..., Any]) -> nodes.Expr | None:
    """Return what a pure function gives for constants; None when it refuses them: it will say why at run time."""
    args = [_constant(one) for one in node.args]
    kwargs = {one.key: _constant(one.value) for one in node.kwargs}
    if None in args or None in kwargs.values():
        return None
    try:
        value = function(*args, **kwargs)
    except (NoReverseMatch, ValueError):
        return None
    kind = nodes.TemplateData if isinstance(value, Markup) else nodes.Const
    return kind(value, lineno=node.lineno)


def _sentence(node: nodes.Call) -> nodes.Expr | None:
    """Return ``_("…", name=value)`` translated, its values in place."""
    source = _constant(node.args[0]) if len(node.args) == 1 else None
    return None if source is None else _filled(gettext(source), node)


def _counted(node: nodes.Call) -> nodes.Expr | None:
    """Return ``ngettext(one, several, n, name=value)`` as a choice between two sentences."""
    if len(node.args) != 3:
        return None
    singular, plural = _constant(node.args[0]), _constant(node.args[1])
    if singular is None or plural is None:
        return None
    one, several = (_filled(ngettext(singular, plural, n), node, node.args[2]) for n in (1, 2))
    if one is None or several is None:
        return None
    none_is_several = ngettext(singular, plural, 0) == ngettext(singular, plural, 2)
    operand = nodes.Operand("eq", nodes.Const(1)) if none_is_several else nodes.Operand("lt", nodes.Const(2))
    test = nodes.Compare(node.args[2], [operand], lineno=node.lineno)
    return nodes.CondExpr(test, one, several, lineno=node.lineno)


def _filled(text: str, node: nodes.Call, number: nodes.Expr | None = None) -> nodes.Expr | None:
    """Return a sentence whose placeholders are the call's values; None when one is missing or is no plain ``%s``."""
    values: dict[str, nodes.Expr] = {"num": number} if number is not None else {}
    values.update({one.key: one.value for one in node.kwargs})
    pieces: list[nodes.Expr] = []
    rest = _PLACEHOLDER.split(text)  # plain text, then (name, percent sign, plain text) again and again
    for plain, name, percent in zip(rest[::3], [*rest[1::3], None], [*rest[2::3], None], strict=True):
        if "%" in (plain or "") or (name and name not in values):
            return None
        if plain or percent:
            pieces.append(nodes.TemplateData(f"{plain}{'%' if percent else ''}", lineno=node.lineno))
        if name:
            pieces.append(values[name])
    if len(pieces) == 1 and isinstance(pieces[0], nodes.TemplateData):
        return pieces[0]
    return nodes.Concat(pieces, lineno=node.lineno) if pieces else nodes.TemplateData("", lineno=node.lineno)
