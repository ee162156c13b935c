#!/usr/bin/env python3
"""Writes the sample documents that are built by hand: beside this script, or into the folder that is named.

Standard library only; the same bytes on every run. Each head does one thing that can be read off its map. (induction.json
has trained weights and comes from train/train_induction.py.)
"""
import json
import math
import pathlib
import random
import sys

FOLDER = pathlib.Path(__file__).parent


def unit_vector(rng, width):
    x = [rng.gauss(0, 1) for _ in range(width)]
    length = math.sqrt(sum(v * v for v in x))
    return [v / length for v in x]


def scaled(vector, factor):
    return [factor * v for v in vector]


def rounded(array):
    return [[[round(v, 3) for v in row] for row in head] for head in array]


def compact(document):
    """JSON with one row of numbers a line."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    out, depth = [], 0
    for line in text.split("\n"):
        bare = line.strip()
        if depth == 0:
            out.append(line)
            if bare.endswith("["):
                depth = 1 if out[-1].strip() == "[" else 0
        else:
            out[-1] += bare + (" " if bare.endswith(",") else "")
            if bare.startswith("]"):
                depth = 0
    return "\n".join(out) + "\n"


def said_twice():
    """Four heads on a sentence that is said twice: previous token, same token, induction, first token."""
    rng = random.Random(1)
    sentence = "the quick brown fox jumps over a lazy dog and runs far".split()
    tokens = sentence + sentence
    n, width = len(tokens), 32
    of_word = {word: unit_vector(rng, width) for word in sentence}
    of_place = [unit_vector(rng, width) for _ in range(n)]
    nothing = [0.0] * width
    word = [of_word[t] for t in tokens]
    sharp = 6.5  # the score of a match is its square, before 1/sqrt(d_k)

    queries = [
        [scaled(of_place[max(i - 1, 0)], sharp) for i in range(n)],
        [scaled(word[i], sharp) for i in range(n)],
        [scaled(word[i], sharp) for i in range(n)],
        [scaled(of_place[0], 3.2) for _ in range(n)],
    ]
    keys = [
        [scaled(of_place[j], sharp) for j in range(n)],
        [scaled(word[j], sharp) for j in range(n)],
        [scaled(word[j - 1], sharp) if j > 0 else nothing for j in range(n)],
        [scaled(of_place[0], 4.0) if j == 0 else scaled(word[j], 1.5) for j in range(n)],
    ]
    values = [[scaled(word[j], 1.0) for j in range(n)] for _ in range(4)]
    return {
        "format": "attnscope/1",
        "title": "A sentence said twice",
        "sequences": {"sentence": {"tokens": tokens}},
        "layers": [{
            "name": "built by hand", "query": "sentence", "heads": 4,
            "q": rounded(queries), "k": rounded(keys), "v": rounded(values),
        }],
        "settings": {"masks": [{"kind": "causal"}]},
    }


def translation():
    """Cross-attention: English target tokens attend to Chinese source tokens, one head by meaning, one by place."""
    rng = random.Random(2)
    source = ["我", "昨天", "在", "图书馆", "读", "了", "一本", "书"]
    target = ["Yesterday", "I", "read", "a", "book", "in", "the", "library", "."]
    meaning = [[1], [0], [4, 5], [6], [7], [2], [3], [3], []]
    width = 16
    of_word = [unit_vector(rng, width) for _ in source]
    of_place = [unit_vector(rng, width) for _ in source]

    def wanted(columns):
        parts = [of_word[c] for c in columns] or [unit_vector(rng, width)]
        return scaled([sum(p) for p in zip(*parts)], 5.0 if columns else 1.0)

    def place_of(i):
        return round(i * (len(source) - 1) / (len(target) - 1))

    queries = [[wanted(m) for m in meaning], [scaled(of_place[place_of(i)], 4.5) for i in range(len(target))]]
    keys = [[scaled(w, 5.0) for w in of_word], [scaled(p, 4.5) for p in of_place]]
    return {
        "format": "attnscope/1",
        "title": "Yesterday I read a book in the library",
        "sequences": {"target": {"tokens": target}, "source": {"tokens": source}},
        "layers": [{
            "name": "cross-attention", "query": "target", "key": "source", "heads": 2,
            "q": rounded(queries), "k": rounded(keys),
        }],
    }


def by_hand():
    """Two heads of whole numbers; BY_HAND.md goes through them step by step."""
    tokens = ["the", "cat", "ate", "fish"]
    queries = [
        [[0, 0], [0, 1], [2, 0], [0, 2]],    # asks for (a noun, a verb)
        [[0, 0], [2, 0], [0, 2], [-2, 0]],   # the place before: east, north, west
    ]
    keys = [
        [[1, 0], [2, 0], [0, 2], [2, 0]],    # is (a noun, a verb)
        [[2, 0], [0, 2], [-2, 0], [0, -2]],  # the place: east, north, west, south
    ]
    values = [
        [[0, 1], [4, 0], [0, 2], [3, 1]],
        [[1, 0], [2, 1], [0, 3], [1, 1]],
    ]
    return {
        "format": "attnscope/1",
        "title": "The cat ate fish, by hand",
        "sequences": {"sentence": {"tokens": tokens}},
        "layers": [{
            "name": "whole numbers", "query": "sentence", "heads": 2,
            "q": queries, "k": keys, "v": values,
        }],
        "settings": {"masks": [{"kind": "causal"}]},
    }


# What a step of the imitation sample can look like; a feature that stands in no group is one that nobody demonstrated.
STATE = (("open", "closed", "pushing"), ("empty cup", "full cup", "button"),
         ("table", "way", "machine", "person"), ("far", "touching", "moving"))

# A step, what its state looks like, and the action: sideways, up, grip, push.
DEMONSTRATION = (
    ("look for cup", "open, empty cup, table, far", (0, 0, 0, 0)),
    ("reach for cup", "open, empty cup, table, moving", (1, 0, 0, 0)),
    ("grasp cup", "closed, empty cup, table, touching", (0, 0, 1, 0)),
    ("carry cup", "closed, empty cup, way, moving", (1, 1, 0, 0)),
    ("put under spout", "open, empty cup, machine, touching", (0, -1, -1, 0)),
    ("press button", "pushing, button, machine, touching", (0, 0, 0, 1)),
    ("wait until full", "open, button, machine, far", (0, 0, 0, 0)),
    ("grasp full cup", "closed, full cup, machine, touching", (0, 0, 1, 0)),
    ("carry full cup", "closed, full cup, way, moving", (-1, 1, 0, 0)),
    ("hand over", "open, full cup, person, touching", (0, 0, -1, 0)),
)

# The robot's own step, what it sees, and how much of the task it believes is done.
OWN_STEPS = (
    ("find cup", "open, empty cup, shelf, far", 0.0),
    ("reach", "open, empty cup, shelf, moving", 0.11),
    ("close gripper", "closed, empty cup, shelf, touching", 0.22),
    ("chair in the way", "closed, chair, corner, waiting", 0.22),
    ("carry cup", "closed, empty cup, way, moving", 0.33),
    ("set cup down", "open, empty cup, machine, touching", 0.44),
    ("push button", "pushing, button, machine, touching", 0.56),
    ("watch it fill", "open, button, machine, far", 0.67),
    ("take full cup", "closed, full cup, machine, touching", 0.78),
    ("give cup", "open, full cup, person, touching", 1.0),
)


def imitation():
    """Cross-attention of a robot's own steps to a demonstration: one head by what is seen, one by progress."""
    features = [feature for group in STATE for feature in group]
    width = len(features)

    def seen(state, factor):
        present = state.split(", ")
        return [factor if feature in present else 0.0 for feature in features]

    def progress(share, factor):
        return [factor * math.exp(-((share - c / (width - 1)) / 0.1) ** 2) for c in range(width)]

    last = len(DEMONSTRATION) - 1
    queries = [[seen(state, 3.0) for _, state, _ in OWN_STEPS], [progress(done, 4.0) for _, _, done in OWN_STEPS]]
    keys = [[seen(state, 3.0) for _, state, _ in DEMONSTRATION],
            [progress(j / last, 4.0) for j in range(len(DEMONSTRATION))]]
    values = [[list(action) for _, _, action in DEMONSTRATION] for _ in range(2)]
    return {
        "format": "attnscope/1",
        "title": "Imitating a demonstration",
        "sequences": {
            "own steps": {"tokens": [name for name, _, _ in OWN_STEPS]},
            "demonstration": {"tokens": [name for name, _, _ in DEMONSTRATION]},
        },
        "layers": [{
            "name": "cross-attention", "query": "own steps", "key": "demonstration", "heads": 2,
            "q": rounded(queries), "k": rounded(keys), "v": values,
        }],
    }


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for make in (said_twice, translation, by_hand, imitation):
        (folder / f"{make.__name__}.json").write_text(compact(make()), encoding="utf-8")


if __name__ == "__main__":
    main()
