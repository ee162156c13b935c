#!/usr/bin/python3
"""Trains a small attention-only transformer with two layers on random segments that are said twice, and writes
induction.json beside make_samples.py. Wants numpy (Debian: python3-numpy) and about three minutes of one core.

A training sequence is: some words, a random segment, some other words, the same segment once more, some other words.
Where the segment starts, how long it is and how far apart its two copies lie differ from sequence to sequence, so that no
fixed distance and no fixed place tells a query where its word stood before: it has to be found by the word itself. The
key that helps is the one *after* that word, which a key can only know from layer 0 (a head that reads the previous
token); so an induction head in layer 1 needs a previous-token head in layer 0.

The model: x0 = E[word] + P[place]; x1 = x0 + attention_0(x0); x2 = x1 + attention_1(x1); logits = x2 · U. No MLP, no
layer norm, no bias. Gradients are written by hand; the optimiser is Adam. One thread and fixed seeds.
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: sums in the same order on every run

import json
import pathlib
import time

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent
WORDS = ("ant bee cat dog elk fox gnu hen ibis jay kiwi lark mole newt owl pig "
         "quail rat seal toad urchin vole wolf yak apple bread cup door egg fig gold hat").split()
VOCABULARY = len(WORDS)
PLACES = 36  # the length of a training sequence
WIDTH, HEADS, HEAD_WIDTH, LAYERS = 48, 4, 12, 2
BATCH, STEPS, RATE, WARM_UP = 64, 1500, 4e-3, 100
TRAINING_SEED, SHIPPED_SEED, TEST_SEED = 3, 20001, 10001
SHIPPED_SEGMENT = 14
DIGITS = 3


# ---------------------------------------------------------------------------------------------------- sequences

def batch_of(rng, count):
    """Tokens (count x PLACES), and where the next token is settled by the first copy (the same shape, 0 or 1)."""
    tokens = np.empty((count, PLACES), dtype=np.int64)
    settled = np.zeros((count, PLACES), dtype=np.float32)
    for row in range(count):
        length = rng.integers(4, 15)
        gap = rng.integers(0, min(8, PLACES - 2 * length) + 1)
        start = rng.integers(0, PLACES - 2 * length - gap + 1)
        words = rng.permutation(VOCABULARY)
        segment, others = words[:length], words[length:]
        again = start + length + gap
        tokens[row] = rng.choice(others, PLACES)
        tokens[row, start:start + length] = segment
        tokens[row, again:again + length] = segment
        settled[row, again:again + length - 1] = 1
    return tokens, settled


def shipped_sequence():
    """The sequence of induction.json: one random segment said twice."""
    segment = np.random.default_rng(SHIPPED_SEED).permutation(VOCABULARY)[:SHIPPED_SEGMENT]
    return np.concatenate([segment, segment])


def holds_shipped_segment(tokens):
    """Whether any row holds SHIPPED_SEGMENT words in the shipped order."""
    segment = shipped_sequence()[:SHIPPED_SEGMENT]
    windows = np.lib.stride_tricks.sliding_window_view(tokens, SHIPPED_SEGMENT, axis=1)
    return bool((windows == segment).all(axis=2).any())


# -------------------------------------------------------------------------------------------------------- model

def initial_parameters(rng):
    def drawn(*shape):
        return (rng.standard_normal(shape) / np.sqrt(WIDTH)).astype(np.float32)

    parameters = {"E": drawn(VOCABULARY, WIDTH), "P": drawn(PLACES, WIDTH), "U": drawn(WIDTH, VOCABULARY)}
    for layer in range(LAYERS):
        for name in ("W_q", "W_k", "W_v", "W_o"):
            parameters[f"{name}{layer}"] = drawn(WIDTH, WIDTH)
    return parameters


def cut(x):
    """count x n x WIDTH to count x HEADS x n x HEAD_WIDTH."""
    count, n, _ = x.shape
    return np.ascontiguousarray(x.reshape(count, n, HEADS, HEAD_WIDTH).transpose(0, 2, 1, 3))


def joined(x):
    count, _, n, _ = x.shape
    return x.transpose(0, 2, 1, 3).reshape(count, n, WIDTH)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(parameters, layer, x, keys=None, muted=()):
    """What the layer adds to x, and all that going back needs. `keys` differ from x in the ablations alone."""
    keys = x if keys is None else keys
    q, k, v = (cut(s @ parameters[f"{name}{layer}"]) for name, s in (("W_q", x), ("W_k", keys), ("W_v", x)))
    scores = q @ k.transpose(0, 1, 3, 2) * np.float32(HEAD_WIDTH ** -0.5)
    n = x.shape[1]
    scores = np.where(np.tri(n, dtype=bool), scores, np.float32(-1e9))
    weights = softmax(scores)
    context = weights @ v
    for head in muted:
        context[:, head] = 0
    context = joined(context)
    return context @ parameters[f"W_o{layer}"], (x, q, k, v, weights, context)


def attention_back(parameters, gradients, layer, saved, d_output):
    """Adds the gradients of the layer's matrices and returns the gradient of its input."""
    x, q, k, v, weights, context = saved

    def product(left, right):  # summed over all tokens of the batch
        return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])

    gradients[f"W_o{layer}"] = product(context, d_output)
    d_context = cut(d_output @ parameters[f"W_o{layer}"].T)
    d_weights = d_context @ v.transpose(0, 1, 3, 2)
    d_v = weights.transpose(0, 1, 3, 2) @ d_context
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
    d_scores *= np.float32(HEAD_WIDTH ** -0.5)
    d_q, d_k = d_scores @ k, d_scores.transpose(0, 1, 3, 2) @ q
    d_x = 0
    for name, d in (("W_q", d_q), ("W_k", d_k), ("W_v", d_v)):
        d = joined(d)
        gradients[f"{name}{layer}"] = product(x, d)
        d_x = d_x + d @ parameters[f"{name}{layer}"].T
    return d_x


def loss_and_gradients(parameters, tokens, settled):
    """The mean cross-entropy of the settled next tokens."""
    x = parameters["E"][tokens] + parameters["P"][:tokens.shape[1]]
    saved = []
    for layer in range(LAYERS):
        added, kept = attention(parameters, layer, x)
        x = x + added
        saved.append(kept)
    target = np.roll(tokens, -1, axis=1)[..., None]
    chances = softmax(x @ parameters["U"])
    of_target = np.take_along_axis(chances, target, axis=2)
    share = (settled / settled.sum())[..., None]
    loss = float(-(np.log(of_target + 1e-12) * share).sum())

    d_logits = chances
    np.put_along_axis(d_logits, target, of_target - 1, axis=2)
    d_logits *= share
    gradients = {"U": x.reshape(-1, WIDTH).T @ d_logits.reshape(-1, VOCABULARY)}
    d_x = d_logits @ parameters["U"].T
    for layer in reversed(range(LAYERS)):
        d_x = d_x + attention_back(parameters, gradients, layer, saved[layer], d_x)
    gradients["P"] = np.zeros_like(parameters["P"])
    gradients["P"][:tokens.shape[1]] = d_x.sum(axis=0)
    gradients["E"] = np.zeros_like(parameters["E"])
    np.add.at(gradients["E"], tokens.ravel(), d_x.reshape(-1, WIDTH))
    return loss, gradients


def check_gradients(rng):
    """The gradients written by hand against differences, in double precision."""
    parameters = {name: p.astype(np.float64) for name, p in initial_parameters(rng).items()}
    tokens, settled = batch_of(rng, 3)
    _, gradients = loss_and_gradients(parameters, tokens, settled)
    worst = 0.0
    for name, parameter in parameters.items():
        place = np.unravel_index(np.abs(gradients[name]).argmax(), parameter.shape)
        before, step, losses = parameter[place], 1e-5, []
        for side in (step, -step):
            parameter[place] = before + side
            losses.append(loss_and_gradients(parameters, tokens, settled)[0])
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
        tokens, settled = batch_of(rng, BATCH)
        assert not holds_shipped_segment(tokens), "the shipped sequence turned up in training"
        loss, gradients = loss_and_gradients(parameters, tokens, settled)
        rate = RATE * min(1, step / WARM_UP) * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        for name, gradient in gradients.items():
            first[name] += 0.1 * (gradient - first[name])
            second[name] += 0.02 * (gradient * gradient - second[name])
            moved = first[name] / (1 - 0.9 ** step)
            parameters[name] -= (rate * moved / (np.sqrt(second[name] / (1 - 0.98 ** step)) + 1e-8)).astype(np.float32)
        if step % 250 == 0 or step == 1:
            print(f"step {step:5d}  loss {loss:.4f}  {time.monotonic() - start:4.0f} s", flush=True)
    print(f"trained for {time.monotonic() - start:.0f} s, of which {time.process_time() - start_of_work:.0f} s of one core")
    return parameters


# ------------------------------------------------------------------------------------------- what came of it

def run(parameters, tokens, mute0=(), plain_keys=False):
    """The streams before each layer, the weights of each, the logits. `plain_keys`: layer 1's keys without layer 0."""
    streams = [parameters["E"][tokens] + parameters["P"][:tokens.shape[1]]]
    weights = []
    for layer in range(LAYERS):
        keys = streams[0] if layer == 1 and plain_keys else None
        added, saved = attention(parameters, layer, streams[-1], keys, mute0 if layer == 0 else ())
        weights.append(saved[4])
        streams.append(streams[-1] + added)
    return streams, weights, streams[-1] @ parameters["U"]


def accuracy(parameters, tokens, settled, **ablation):
    logits = run(parameters, tokens, **ablation)[2]
    right = logits.argmax(axis=2) == np.roll(tokens, -1, axis=1)
    return float((right * settled).sum() / settled.sum())


def induction_scores(weights, tokens):
    """A number a head: the mean weight of the key after the last place where the query's word stood before."""
    pairs = []
    for i in range(len(tokens)):
        earlier = [j for j in range(i) if tokens[j] == tokens[i]]
        if earlier:
            pairs.append((i, earlier[-1] + 1))
    rows, columns = zip(*pairs)
    return weights[:, rows, columns].mean(axis=1)


def previous_scores(weights):
    n = weights.shape[-1]
    return weights[:, range(1, n), range(n - 1)].mean(axis=1)


def words_of(numbers):
    return "  ".join(f"{number:.3f}" for number in numbers)


def report(parameters):
    tokens, settled = batch_of(np.random.default_rng(TEST_SEED), 1000)
    loss, _ = loss_and_gradients(parameters, tokens, settled)
    print(f"1,000 sequences not seen in training: loss {loss:.4f}, accuracy {accuracy(parameters, tokens, settled):.4f}")
    shipped = shipped_sequence()
    _, weights, _ = run(parameters, shipped[None])
    second = np.zeros((1, len(shipped)), dtype=np.float32)
    second[:, SHIPPED_SEGMENT:-1] = 1
    print(f"the shipped sequence: accuracy on its second half {accuracy(parameters, shipped[None], second):.4f}")
    print("  previous-token score, a head of layer 0:", words_of(previous_scores(weights[0][0])))
    print("  induction score,      a head of layer 1:", words_of(induction_scores(weights[1][0], shipped)))
    print("  induction score,      a head of layer 0:", words_of(induction_scores(weights[0][0], shipped)))
    head = int(previous_scores(weights[0][0]).argmax())
    for what, ablation in ((f"head {head} of layer 0 muted", {"mute0": (head,)}),
                           ("keys of layer 1 read the embeddings, not layer 0", {"plain_keys": True})):
        without = run(parameters, shipped[None], **ablation)[1]
        print(f"  {what}: induction {words_of(induction_scores(without[1][0], shipped))}, "
              f"accuracy on the 1,000 {accuracy(parameters, tokens, settled, **ablation):.4f}")


# ----------------------------------------------------------------------------------------------------- document

def numbers(array):
    """A row of numbers a line."""
    rows = ("[" + ", ".join(str(round(float(v), DIGITS) + 0.0) for v in row) + "]" for row in array)
    return "[\n    " + ",\n    ".join(rows) + "]"


def document(parameters):
    tokens = shipped_sequence()
    streams, _, _ = run(parameters, tokens[None])
    named = json.dumps([WORDS[t] for t in tokens])
    sequences = ",\n".join(
        f'  "{name}": {{"tokens": {named},\n   "embeddings": {numbers(stream[0])}}}'
        for name, stream in zip(("embedded", "after layer 0"), streams))
    layers = ",\n".join(
        f'  {{"name": "layer {layer}", "query": "{name}", "heads": {HEADS},\n'
        + ",\n".join(f'   "{matrix}": {numbers(parameters[f"{matrix}{layer}"])}'
                     for matrix in ("W_q", "W_k", "W_v", "W_o")) + "}"
        for layer, name in enumerate(("embedded", "after layer 0")))
    return ('{\n "format": "attnscope/1",\n "title": "Induction, trained: a random sequence said twice",\n'
            f' "sequences": {{\n{sequences}}},\n "layers": [\n{layers}],\n'
            ' "settings": {"masks": [{"kind": "causal"}]}\n}\n')


def main():
    check_gradients(np.random.default_rng(TRAINING_SEED))
    parameters = train(np.random.default_rng(TRAINING_SEED))
    rounded = {name: np.round(p, DIGITS) + np.float32(0) for name, p in parameters.items()}
    report(rounded)
    text = document(rounded)
    assert len(text) < 300_000, len(text)
    (FOLDER / "induction.json").write_text(text, encoding="utf-8")
    print(f"induction.json: {len(text):,} bytes")


if __name__ == "__main__":
    main()
