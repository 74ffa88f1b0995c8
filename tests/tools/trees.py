"""Judges what `fathom parse --ast json` prints: used by scripts/check-trees and tests/e2e/test_trees.py."""


def before(a, b):
    """Whether the place (line, column) is at or before the other."""
    return tuple(a) <= tuple(b)


def wrong_node(node, around, path):
    """What is wrong with the node or below it, as text; None when nothing is."""
    place = node.get("location")
    here = "%s/%s" % (path, node.get("kind"))
    if not isinstance(place, list) or len(place) != 4 or not all(n >= 1 for n in place):
        return "%s: no place: %r" % (here, place)
    if not before(place[:2], place[2:]):
        return "%s: ends before it begins: %r" % (here, place)
    if around and not (before(around[:2], place[:2]) and before(place[2:], around[2:])):
        return "%s: %r is not inside of %r" % (here, place, around)
    for kid in node.get("kids", ()):
        wrong = wrong_node(kid, place, here)
        if wrong:
            return wrong
    return None


def count(node):
    return 1 + sum(count(kid) for kid in node.get("kids", ()))
