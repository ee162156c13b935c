#!/usr/bin/env python3
"""Writes the sample documents that are built by hand: beside this script, or into the folder that is named.

Standard library only; the same bytes on every run. Each head does one thing that can be read off its map. (induction.json
and dates.json have trained weights and come from the scripts in train/.)
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


# A sentence, each word's class, and the word that it depends on (-1: none).
PARSED = (
    ("the", "article", 2), ("small", "adjective", 2), ("cat", "noun", 7), ("that", "pronoun", 5),
    ("we", "pronoun", 5), ("fed", "verb", 2), ("yesterday", "adverb", 5), ("sleeps", "verb", -1),
    ("on", "preposition", 11), ("the", "article", 11), ("red", "adjective", 11), ("sofa", "noun", 7),
)


def tree():
    """One question of every word, "which verb, else which noun?", put to other words by the tree's relations."""
    classes = sorted({word_class for _, word_class, _ in PARSED})
    asks = [{"verb": 3, "noun": 2}.get(name, 0) for name in classes]
    is_a = [[1 if name == word_class else 0 for name in classes] for _, word_class, _ in PARSED]

    def layer(name, relation):
        return {"name": name, "query": "sentence", "q": [asks] * len(PARSED), "k": is_a, "v": is_a,
                "settings": {"scale": "none", "masks": [{"kind": "tree", "relation": relation}]}}

    return {
        "format": "attnscope/1",
        "title": "A parsed sentence: attention along a tree",
        "sequences": {"sentence": {"tokens": [word for word, _, _ in PARSED],
                                   "parents": [parent for _, _, parent in PARSED]}},
        "layers": [layer("up to the root", "self_and_ancestors"), layer("down to all below", "descendants"),
                   layer("beside, under the same word", "siblings")],
    }


def positions():
    """ALiBi and RoPE on the same queries and keys. Of both, head 0 minds distance most and head 3 hardly."""
    rng = random.Random(3)
    line = "row row row your boat gently down the stream".split()
    tokens = line + line
    heads, width = 4, 32
    pairs = width // 2 // heads
    of_word = {word: unit_vector(rng, 2 * pairs) for word in dict.fromkeys(line)}

    def placed(word, head):
        # RoPE turns dims p and p + width / 2 as one pair, ever slower with p: where a word stands says how fast it turns.
        vector = [0.0] * width
        for p in range(pairs):
            vector[head * pairs + p] = 4.5 * of_word[word][p]
            vector[head * pairs + p + width // 2] = 4.5 * of_word[word][p + pairs]
        return vector

    same = [[placed(word, head) for word in tokens] for head in range(heads)]

    def layer(name, settings):
        return {"name": name, "query": "song", "heads": heads, "q": rounded(same), "k": rounded(same),
                "settings": settings}

    return {
        "format": "attnscope/1",
        "title": "ALiBi against RoPE",
        "sequences": {"song": {"tokens": tokens}},
        "layers": [layer("ALiBi", {"bias": [{"kind": "alibi"}]}),
                   layer("RoPE", {"position": {"kind": "rope"}})],
        "settings": {"masks": [{"kind": "causal"}]},
    }


def sparse():
    """The same scores through softmax, which leaves something for everybody, and sparsemax, which does not."""
    about = ("animal", "fruit", "weather", "edible")
    questions = {"pet": (2, 0, 0, 0), "fruit": (0, 2, 0, 1), "weather": (0, 0, 2, 0), "food": (0, 0, 0, 2),
                 "anything": (0, 0, 0, 0)}
    things = {"cat": (2, 0, 0, 0), "dog": (2, 0, 0, 0), "fish": (1, 0, 0, 1), "apple": (0, 2, 0, 1),
              "pear": (0, 2, 0, 1), "bread": (0, 0, 0, 2), "rain": (0, 0, 2, 0), "hail": (0, 0, 1, 0)}
    assert all(len(v) == len(about) for v in (*questions.values(), *things.values()))

    def layer(normalizer):
        return {"name": normalizer, "query": "questions", "key": "things",
                "q": [list(v) for v in questions.values()], "k": [list(v) for v in things.values()],
                "settings": {"normalizer": {"kind": normalizer}}}

    return {
        "format": "attnscope/1",
        "title": "Softmax against sparsemax",
        "sequences": {"questions": {"tokens": list(questions)}, "things": {"tokens": list(things)}},
        "layers": [layer("softmax"), layer("sparsemax")],
    }


def padding():
    """Two sentences of a batch, filled up to one length on the right and on the left, under a causal mask."""
    rng = random.Random(4)
    filler = "<|endoftext|>"
    sentences = {"filled on the right": "the cat sat down".split() + [filler] * 3,
                 "filled on the left": [filler] * 2 + "we went home by train".split()}
    n, width = 7, 16
    of_place = [unit_vector(rng, width) for _ in range(n)]
    nothing = [[0.0] * width for _ in range(n)]
    before = [scaled(of_place[max(i - 1, 0)], 5.0) for i in range(n)]
    here = [scaled(place, 5.0) for place in of_place]

    def layer(name):
        return {"name": name, "query": name, "heads": 2, "q": rounded([nothing, before]),
                "k": rounded([here, here])}

    return {
        "format": "attnscope/1",
        "title": "A batch of two: padding and a causal mask",
        "sequences": {name: {"tokens": tokens, "attention_mask": [0 if t == filler else 1 for t in tokens]}
                      for name, tokens in sentences.items()},
        "layers": [layer(name) for name in sentences],
        "settings": {"masks": [{"kind": "causal"}, {"kind": "padding"}]},
    }


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for make in (said_twice, translation, by_hand, imitation, tree, positions, sparse, padding):
        (folder / f"{make.__name__}.json").write_text(compact(make()), encoding="utf-8")


if __name__ == "__main__":
    main()
