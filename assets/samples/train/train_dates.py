#!/usr/bin/python3
"""Trains a small translator of written dates with additive attention, and writes dates.json beside make_samples.py.
Wants numpy (Debian: python3-numpy) and about a minute of one core.

"twenty-third of March 1987" and "March the twenty-third, 1987" become "1987-03-23", a character at a time. The parts
stand in another order than they are asked for, and in either of two orders: each step has to find its part.

The model: a character and the three on either side of it make one encoder state, k_j = tanh(window_j K + b_k). The decoder is
one GRU cell, with torch's gates. At step t it looks with the state that the step before left behind:
e_tj = vᵀ tanh(W_1 h_{t-1} + W_2 k_j + b), weights = softmax(e_t), c_t = weights · k, h_t = GRU([Y[letter t-1]; c_t], h_{t-1}),
and the letter t is read off [h_t; c_t]. Gradients are written by hand; the optimiser is Adam. One thread and fixed seeds.
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: sums in the same order on every run

import datetime
import json
import pathlib
import time

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent
MONTHS = "January February March April May June July August September October November December".split()
UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
DAYS = (UNITS + "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split() + ["twenty-" + unit for unit in UNITS] + ["thirtieth", "thirty-first"])
FIRST_DAY, DAY_COUNT = datetime.date(1900, 1, 1), 73049  # to the last day of 2099
LETTERS = "".join(sorted(set("".join(MONTHS + DAYS) + " ,0123456789the of")))
OUT, LENGTH = "0123456789-", 10  # what is written, and how long it is
BESIDE = 3  # characters that an encoder state sees on either side
LETTER_WIDTH, WIDTH = 16, 32
BATCH, STEPS, RATE, WARM_UP = 64, 1200, 6e-3, 100
TRAINING_SEED, TEST_SEED = 5, 10001
SHIPPED = datetime.date(1987, 3, 23)
DIGITS = 3


# --------------------------------------------------------------------------------------------------------- dates

def written(date, month_first):
    day, month = DAYS[date.day - 1], MONTHS[date.month - 1]
    return f"{month} the {day}, {date.year}" if month_first else f"{day} of {month} {date.year}"


def share_of(number):
    """0 to 7: one day in eight is held out of the training, in either way of writing it, the shipped day among them."""
    return (number * 2654435761 + 3) % 2 ** 32 // 2 ** 16 % 8


HELD_OUT = share_of((SHIPPED - FIRST_DAY).days)


def encoded(texts):
    """Letters (count x the longest), 0 behind the end; and where letters stand."""
    longest = max(len(text) for text in texts)
    letters = np.zeros((len(texts), longest), dtype=np.int64)
    for row, text in enumerate(texts):
        letters[row, :len(text)] = [1 + LETTERS.index(c) for c in text]
    return letters, letters > 0


def batch_of(rng, count, held_out=False):
    """Letters, where they stand, and what is to be written (count x LENGTH)."""
    texts, targets = [], []
    while len(texts) < count:
        number = int(rng.integers(DAY_COUNT))
        if (share_of(number) == HELD_OUT) != held_out:
            continue
        date = FIRST_DAY + datetime.timedelta(days=number)
        texts.append(written(date, rng.integers(2) == 1))
        targets.append([OUT.index(c) for c in date.isoformat()])
    return *encoded(texts), np.array(targets)


# --------------------------------------------------------------------------------------------------------- model

def initial_parameters(rng):
    def drawn(*shape):
        return (rng.standard_normal(shape) / np.sqrt(shape[-1] if len(shape) == 1 else shape[0])).astype(np.float32)

    window = (2 * BESIDE + 1) * LETTER_WIDTH
    return {
        "E": drawn(len(LETTERS) + 1, LETTER_WIDTH), "K": drawn(window, WIDTH), "b_k": np.zeros(WIDTH, np.float32),
        "Y": drawn(len(OUT) + 1, LETTER_WIDTH),  # the last row stands for "nothing written yet"
        "W_1": drawn(WIDTH, WIDTH), "W_2": drawn(WIDTH, WIDTH), "v": drawn(WIDTH), "b": np.zeros(WIDTH, np.float32),
        "W_x": drawn(LETTER_WIDTH + WIDTH, 3 * WIDTH), "W_h": drawn(WIDTH, 3 * WIDTH),
        "b_x": np.zeros(3 * WIDTH, np.float32), "b_h": np.zeros(3 * WIDTH, np.float32),
        "O": drawn(2 * WIDTH, len(OUT)), "b_o": np.zeros(len(OUT), np.float32),
    }


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


def windows_of(parameters, letters):
    """count x n x (7 · LETTER_WIDTH): each letter between its neighbours; beyond the ends stand 0s."""
    padded = np.pad(letters, ((0, 0), (BESIDE, BESIDE)))
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * BESIDE + 1, axis=1)
    return near, parameters["E"][near].reshape(*letters.shape, -1)


def encode(parameters, letters):
    near, windows = windows_of(parameters, letters)
    return np.tanh(windows @ parameters["K"] + parameters["b_k"]), near, windows


def step_of(parameters, k, projected, real, h, letter, flat=False):
    """One step: the next state, the chances of each letter, and all that going back needs. `flat`: equal weights."""
    p = parameters
    inner = np.tanh((h @ p["W_1"].T)[:, None] + projected)
    scores = 0 * real if flat else inner @ p["v"]
    weights = softmax(np.where(real, scores, -1e9).astype(h.dtype))
    context = (weights[:, None] @ k)[:, 0]
    x = np.concatenate([p["Y"][letter], context], axis=1)
    of_x, of_h = x @ p["W_x"] + p["b_x"], h @ p["W_h"] + p["b_h"]
    gates = sigmoid(of_x[:, :2 * WIDTH] + of_h[:, :2 * WIDTH])
    r, z = gates[:, :WIDTH], gates[:, WIDTH:]
    n = np.tanh(of_x[:, 2 * WIDTH:] + r * of_h[:, 2 * WIDTH:])
    after = (1 - z) * n + z * h
    both = np.concatenate([after, context], axis=1)
    chances = softmax(both @ p["O"] + p["b_o"])
    return after, chances, (h, inner, weights, x, of_h, r, z, n, both, letter)


def step_back(parameters, gradients, k, real, saved, d_after, d_logits):
    """Adds the step's gradients; returns those of the state before it, of k, and of W_2 k + b."""
    p, g = parameters, gradients
    h, inner, weights, x, of_h, r, z, n, both, letter = saved
    g["O"] += both.T @ d_logits
    g["b_o"] += d_logits.sum(axis=0)
    d_both = d_logits @ p["O"].T
    d_after = d_after + d_both[:, :WIDTH]
    d_context = d_both[:, WIDTH:]
    d_h = d_after * z
    d_n = d_after * (1 - z) * (1 - n * n)
    d_z = d_after * (h - n) * z * (1 - z)
    d_r = d_n * of_h[:, 2 * WIDTH:] * r * (1 - r)
    d_of_x = np.concatenate([d_r, d_z, d_n], axis=1)
    d_of_h = np.concatenate([d_r, d_z, d_n * r], axis=1)
    g["W_x"] += x.T @ d_of_x
    g["b_x"] += d_of_x.sum(axis=0)
    g["W_h"] += h.T @ d_of_h
    g["b_h"] += d_of_h.sum(axis=0)
    d_h = d_h + d_of_h @ p["W_h"].T
    d_x = d_of_x @ p["W_x"].T
    np.add.at(g["Y"], letter, d_x[:, :LETTER_WIDTH])
    d_context = d_context + d_x[:, LETTER_WIDTH:]
    d_weights = (k @ d_context[..., None])[..., 0]
    d_k = weights[..., None] * d_context[:, None]
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
    g["v"] += np.tensordot(d_scores, inner, axes=([0, 1], [0, 1]))
    d_inner = d_scores[..., None] * p["v"] * (1 - inner * inner)
    d_first = d_inner.sum(axis=1)
    g["W_1"] += d_first.T @ h
    return d_h + d_first @ p["W_1"], d_k, d_inner


def loss_and_gradients(parameters, letters, real, target):
    """The mean cross-entropy of a letter, each step given the right letters before it."""
    k, near, windows = encode(parameters, letters)
    projected = k @ parameters["W_2"].T + parameters["b"]
    count = len(letters)
    h, loss, saved = np.zeros((count, WIDTH), k.dtype), 0.0, []
    letter = np.full(count, len(OUT))
    for t in range(LENGTH):
        h, chances, kept = step_of(parameters, k, projected, real, h, letter)
        letter = target[:, t]
        right = chances[range(count), letter]
        loss -= float(np.log(right + 1e-12).sum()) / (count * LENGTH)
        chances[range(count), letter] = right - 1
        saved.append((kept, chances / (count * LENGTH)))
    gradients = {name: np.zeros_like(p) for name, p in parameters.items()}
    d_h, d_k, d_projected = np.zeros_like(h), np.zeros_like(k), np.zeros_like(projected)
    for kept, d_logits in reversed(saved):
        d_h, d_k_here, d_inner = step_back(parameters, gradients, k, real, kept, d_h, d_logits)
        d_k += d_k_here
        d_projected += d_inner
    gradients["b"] += d_projected.sum(axis=(0, 1))
    gradients["W_2"] += np.tensordot(d_projected, k, axes=([0, 1], [0, 1]))
    d_k += d_projected @ parameters["W_2"]
    d_k *= 1 - k * k
    gradients["K"] += np.tensordot(windows, d_k, axes=([0, 1], [0, 1]))
    gradients["b_k"] += d_k.sum(axis=(0, 1))
    d_windows = (d_k @ parameters["K"].T).reshape(*near.shape, LETTER_WIDTH)
    np.add.at(gradients["E"], near.ravel(), d_windows.reshape(-1, LETTER_WIDTH))
    return loss, gradients


def check_gradients(rng):
    """The gradients written by hand against differences, in double precision."""
    parameters = {name: p.astype(np.float64) for name, p in initial_parameters(rng).items()}
    batch = batch_of(rng, 3)
    _, gradients = loss_and_gradients(parameters, *batch)
    worst = 0.0
    for name, parameter in parameters.items():
        place = np.unravel_index(np.abs(gradients[name]).argmax(), parameter.shape)
        before, step, losses = parameter[place], 1e-5, []
        for side in (step, -step):
            parameter[place] = before + side
            losses.append(loss_and_gradients(parameters, *batch)[0])
        parameter[place] = before
        difference = (losses[0] - losses[1]) / (2 * step)
        worst = max(worst, abs(difference / gradients[name][place] - 1))
    assert worst < 1e-3, worst
    print(f"gradients agree with differences to {worst:.1e}")


def train(rng):
    parameters = initial_parameters(rng)
    first = {name: np.zeros_like(p) for name, p in parameters.items()}
    second = {name: np.zeros_like(p) for name, p in parameters.items()}
    start, start_of_work = time.monotonic(), time.process_time()
    for step in range(1, STEPS + 1):
        loss, gradients = loss_and_gradients(parameters, *batch_of(rng, BATCH))
        rate = RATE * min(1, step / WARM_UP) * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        norm = np.sqrt(sum(float((g * g).sum()) for g in gradients.values()))
        for name, gradient in gradients.items():
            gradient = gradient * min(1, 1 / norm)
            first[name] += 0.1 * (gradient - first[name])
            second[name] += 0.02 * (gradient * gradient - second[name])
            moved = first[name] / (1 - 0.9 ** step)
            parameters[name] -= (rate * moved / (np.sqrt(second[name] / (1 - 0.98 ** step)) + 1e-8)).astype(np.float32)
        if step % 250 == 0 or step == 1:
            print(f"step {step:5d}  loss {loss:.4f}  {time.monotonic() - start:4.0f} s", flush=True)
    print(f"trained for {time.monotonic() - start:.0f} s, of which {time.process_time() - start_of_work:.0f} s of one core")
    return parameters


# ------------------------------------------------------------------------------------------- what came of it

def run(parameters, letters, real, flat=False):
    """What the translator writes by itself (count x LENGTH), the states it looks with, the states it looks at, the weights."""
    k, _, _ = encode(parameters, letters)
    projected = k @ parameters["W_2"].T + parameters["b"]
    h, letter = np.zeros((len(letters), WIDTH), k.dtype), np.full(len(letters), len(OUT))
    letters_out, queries, weights = [], [], []
    for _ in range(LENGTH):
        queries.append(h)
        h, chances, kept = step_of(parameters, k, projected, real, h, letter, flat)
        weights.append(kept[2])
        letter = chances.argmax(axis=1)
        letters_out.append(letter)
    return np.stack(letters_out, axis=1), np.stack(queries, axis=1), k, np.stack(weights, axis=1)


def part_spans(text, date):
    """Where the parts of a written date stand: name to (from, to)."""
    parts = {"year": str(date.year), "month": MONTHS[date.month - 1], "day": DAYS[date.day - 1]}
    return {name: (text.index(part), text.index(part) + len(part)) for name, part in parts.items()}


PART_OF_STEP = ["year"] * 4 + [None] + ["month"] * 2 + [None] + ["day"] * 2


def report(parameters):
    rng = np.random.default_rng(TEST_SEED)
    letters, real, target = batch_of(rng, 2000, held_out=True)
    out, _, _, weights = run(parameters, letters, real)
    print(f"2,000 days not seen in training: {(out == target).all(axis=1).mean():.4f} right as a whole, "
          f"{(out == target).mean():.4f} of the letters")
    out = run(parameters, letters, real, flat=True)[0]
    print(f"with equal weights: {(out == target).all(axis=1).mean():.4f} as a whole, {(out == target).mean():.4f} of the letters")
    shares = {"year": [], "month": [], "day": []}
    for row in range(300):
        text = "".join(LETTERS[c - 1] for c in letters[row] if c > 0)
        iso = "".join(OUT[c] for c in target[row])
        for name, (start, end) in part_spans(text, datetime.date.fromisoformat(iso)).items():
            rows = [t for t in range(LENGTH) if PART_OF_STEP[t] == name]
            shares[name] += list(weights[row, rows, start:end].sum(axis=1))
    print("mean weight on the letters of the part that is being written:",
          ", ".join(f"{name} {np.mean(share):.2f}" for name, share in shares.items()))


# ------------------------------------------------------------------------------------------------------ document

def listed(row):
    return [round(float(v), DIGITS) + 0.0 for v in row]


def numbers(array):
    """A row of numbers a line."""
    return "[\n    " + ",\n    ".join(json.dumps(listed(row)) for row in array) + "]"


def layer(parameters, date, month_first):
    """One way of writing the date: its sequence, and its layer, both as JSON."""
    name, text = "month first" if month_first else "day first", written(date, month_first)
    out, queries, k, weights = run(parameters, *encoded([text]))
    assert "".join(OUT[c] for c in out[0]) == date.isoformat(), "the shipped date is wrong"
    q, k = np.round(queries[0], DIGITS), np.round(k[0], DIGITS)
    inner = np.tanh((q @ parameters["W_1"].T)[:, None] + k @ parameters["W_2"].T + parameters["b"])
    by_document = softmax(inner @ parameters["v"])
    print(f"{text}: the document's rounded numbers give these weights to {abs(by_document - weights[0]).max():.1e}")
    for letter, row in zip(date.isoformat(), by_document):
        order = row.argsort()[::-1][:3]
        print(f"  {letter}  " + "  ".join(f"{text[j]!r} at {j}: {row[j]:.2f}" for j in order))
    score = ",\n".join(f'    "{matrix}": {numbers(parameters[matrix])}' for matrix in ("W_1", "W_2"))
    score += "".join(f',\n    "{vector}": {json.dumps(listed(parameters[vector]))}' for vector in ("v", "b"))
    return (f'  "{name}": {{"tokens": {json.dumps(list(text))}}}',
            f'  {{"name": "{name}", "query": "out", "key": "{name}",\n'
            f'   "q": {numbers(q)},\n   "k": {numbers(k)},\n   "v": {numbers(k)},\n'
            f'   "score": {{"kind": "additive",\n{score}}}}}')


def document(parameters):
    sequences, layers = zip(*(layer(parameters, SHIPPED, month_first) for month_first in (False, True)))
    return ('{\n "format": "attnscope/1",\n "title": "A trained translator of dates: additive attention",\n'
            f' "sequences": {{\n  "out": {{"tokens": {json.dumps(list(SHIPPED.isoformat()))}}},\n'
            + ",\n".join(sequences) + '},\n "layers": [\n' + ",\n".join(layers) + "]\n}\n")


def main():
    check_gradients(np.random.default_rng(TRAINING_SEED))
    parameters = train(np.random.default_rng(TRAINING_SEED))
    rounded = {name: np.round(p, DIGITS) + np.float32(0) for name, p in parameters.items()}
    report(rounded)
    text = document(rounded)
    assert len(text) < 300_000, len(text)
    (FOLDER / "dates.json").write_text(text, encoding="utf-8")
    print(f"dates.json: {len(text):,} bytes")


if __name__ == "__main__":
    main()
