#!/usr/bin/env python3
"""Writes the sample documents beside this script. Standard library only; the same bytes on every run.

The queries and keys are built by hand, so that each head does one thing that can be read off its map.
"""
import json
import math
import pathlib
import random

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
    of_place = [unit_vector(rng, width) for _ in range(len(target))]

    def wanted(columns):
        parts = [of_word[c] for c in columns] or [unit_vector(rng, width)]
        return scaled([sum(p) for p in zip(*parts)], 5.0 if columns else 1.0)

    def place_of(j):
        return min(round(j * (len(target) - 1) / (len(source) - 1)), len(target) - 1)

    queries = [[wanted(m) for m in meaning], [scaled(of_place[i], 4.5) for i in range(len(target))]]
    keys = [[scaled(w, 5.0) for w in of_word], [scaled(of_place[place_of(j)], 4.5) for j in range(len(source))]]
    return {
        "format": "attnscope/1",
        "title": "Yesterday I read a book in the library",
        "sequences": {"target": {"tokens": target}, "source": {"tokens": source}},
        "layers": [{
            "name": "cross-attention", "query": "target", "key": "source", "heads": 2,
            "q": rounded(queries), "k": rounded(keys),
        }],
    }


def main():
    for name, document in (("said_twice", said_twice()), ("translation", translation())):
        (FOLDER / f"{name}.json").write_text(compact(document), encoding="utf-8")


if __name__ == "__main__":
    main()
