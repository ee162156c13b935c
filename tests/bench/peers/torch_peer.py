"""PyTorch as the benchmark's peer: a process that keeps its tensors and answers commands, one line of JSON each.

{"do": "problem", "kind": "weights" | "additive" | "drag", …}  ->  {"idioms": ["the common way", …]}
{"do": "run", "idiom": 0, "temperature": 0.7}                  ->  {"seconds": 0.0123}
{"do": "save", "idiom": 0, "file": "…"}                        ->  {"saved": 1048576}
"""

import json
import sys
import time

import numpy
import torch


def tensor(path, *shape):
    return torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32).reshape(shape))


def full_weights(q, k, scale):
    """softmax(scale · q kᵀ), heads × n × n."""
    keys = k.transpose(1, 2)
    n = q.shape[1]
    scores = torch.empty(q.shape[0], n, n)
    weights = torch.empty_like(scores)

    def common():
        return torch.softmax(q @ k.transpose(-1, -2) * scale, dim=-1)

    def fused():
        torch.baddbmm(scores, q, keys, beta=0, alpha=scale, out=scores)
        return torch.softmax(scores, -1, out=weights)

    def scaled_queries():
        torch.bmm(q * scale, keys, out=scores)
        return torch.softmax(scores, -1, out=weights)

    def head_by_head():
        queries = q * scale
        for h in range(q.shape[0]):
            torch.mm(queries[h], keys[h], out=scores[h])
            torch.softmax(scores[h], -1, out=weights[h])
        return weights

    def head_in_cache():
        queries = q * scale
        for h in range(q.shape[0]):
            torch.mm(queries[h], keys[h], out=scores[0])
            torch.softmax(scores[0], -1, out=weights[h])
        return weights

    return {
        "softmax(q @ k.transpose(-1, -2) * s, -1)": common,
        "baddbmm and softmax into kept tensors": fused,
        "bmm of scaled q and softmax into kept tensors": scaled_queries,
        "mm and softmax head by head": head_by_head,
        "mm and softmax head by head, scores in one small tensor": head_in_cache,
    }


def causal_weights(q, k, scale):
    keys = k.transpose(1, 2)
    n = q.shape[1]
    behind = torch.ones(n, n, dtype=torch.bool).triu(1)
    added = torch.zeros(n, n).masked_fill(behind, float("-inf"))
    whole = added.expand(q.shape[0], n, n)
    scores = torch.empty(q.shape[0], n, n)
    weights = torch.zeros_like(scores)

    def common():
        scored = q @ k.transpose(-1, -2) * scale
        return torch.softmax(scored.masked_fill(behind, float("-inf")), dim=-1)

    def mask_in_the_product():
        torch.baddbmm(whole, q, keys, alpha=scale, out=scores)
        return torch.softmax(scores, -1, out=weights)

    def blocks(rows):
        def run():
            queries = q * scale
            for begin in range(0, n, rows):
                end = min(begin + rows, n)
                part = torch.bmm(queries[:, begin:end], keys[:, :, :end])
                part[:, :, begin:] += added[begin:end, begin:end]
                weights[:, begin:end, :end] = torch.softmax(part, -1)
            return weights

        return run

    def head_by_head(rows):
        def run():
            queries = q * scale
            for h in range(q.shape[0]):
                for begin in range(0, n, rows):
                    end = min(begin + rows, n)
                    part = torch.mm(queries[h, begin:end], keys[h, :, :end])
                    part[:, begin:] += added[begin:end, begin:end]
                    weights[h, begin:end, :end] = torch.softmax(part, -1)
            return weights

        return run

    return {
        "softmax((q @ k.transpose(-1, -2) * s).masked_fill(mask, -inf), -1)": common,
        "baddbmm onto the mask and softmax into kept tensors": mask_in_the_product,
        "128 rows at a time and only their keys": blocks(128),
        "256 rows at a time and only their keys": blocks(256),
        "head by head, 256 rows at a time and only their keys": head_by_head(256),
    }


def additive_weights(q, k, W_1, W_2, v):
    """softmax(vᵀ tanh(W_1 q + W_2 k)), heads × n × n."""
    n = q.shape[1]
    weights = torch.empty(q.shape[0], n, n)

    def common():
        hidden = torch.tanh((q @ W_1.T)[:, :, None, :] + (k @ W_2.T)[:, None, :, :])
        return torch.softmax(hidden @ v, dim=-1)

    def blocks(rows):
        def run():
            left, right = q @ W_1.T, k @ W_2.T
            hidden = torch.empty(rows, n, v.shape[0])
            for h in range(q.shape[0]):
                for begin in range(0, n, rows):
                    end = min(begin + rows, n)
                    part = hidden[: end - begin]
                    torch.add(left[h, begin:end, None, :], right[h, None], out=part)
                    weights[h, begin:end] = torch.softmax(part.tanh_() @ v, dim=-1)
            return weights

        return run

    return {
        "softmax(tanh(a[:, :, None] + b[:, None]) @ v, -1)": common,
        "8 rows at a time, tanh in place": blocks(8),
        "32 rows at a time, tanh in place": blocks(32),
    }


def drag(q, k, scale, head, temperature):
    """The map that a window shows, for the temperature of the moment: one head, or the mean of all."""
    if head >= 0:
        q, k = q[head : head + 1], k[head : head + 1]
    n = q.shape[1]
    keys = k.transpose(1, 2)
    behind = torch.ones(n, n, dtype=torch.bool).triu(1)
    added = torch.zeros(n, n).masked_fill(behind, float("-inf")).expand(q.shape[0], n, n)
    kept = torch.baddbmm(added, q, keys, alpha=scale)
    scores = torch.empty_like(kept)
    weights = torch.empty_like(kept)

    def common():
        scored = q @ k.transpose(-1, -2) * (scale / temperature())
        return torch.softmax(scored.masked_fill(behind, float("-inf")), dim=-1).mean(0)

    def kept_tensors():
        torch.baddbmm(added, q, keys, alpha=scale / temperature(), out=scores)
        return torch.softmax(scores, -1, out=weights).mean(0)

    def kept_scores():
        torch.mul(kept, 1 / temperature(), out=scores)
        return torch.softmax(scores, -1, out=weights).mean(0)

    return {
        "softmax((q @ k.transpose(-1, -2) * (s / t)).masked_fill(mask, -inf), -1).mean(0)": common,
        "baddbmm onto the mask, softmax and mean, kept tensors": kept_tensors,
        "masked scores kept: times 1 / t, softmax and mean": kept_scores,
    }


class Peer:
    def __init__(self):
        self.idioms = []
        self.temperature = 1.0

    def problem(self, command):
        heads, n, d = (command[key] for key in ("heads", "n", "d"))
        q, k = (tensor(command[key], heads, n, d) for key in ("q", "k"))
        kind = command["kind"]
        if kind == "additive":
            a = command["hidden"]
            W_1, W_2 = (tensor(command[key], a, d) for key in ("W_1", "W_2"))
            ways = additive_weights(q, k, W_1, W_2, tensor(command["v"], a))
        elif kind == "drag":
            ways = drag(q, k, command["scale"], command["head"], lambda: self.temperature)
        else:
            ways = (causal_weights if command["causal"] else full_weights)(q, k, command["scale"])
        self.idioms = list(ways.values())
        return {"idioms": list(ways)}

    def run(self, command):
        self.temperature = command.get("temperature", 1.0)
        work = self.idioms[command["idiom"]]
        start = time.perf_counter()
        work()
        return {"seconds": time.perf_counter() - start}

    def save(self, command):
        self.temperature = command.get("temperature", 1.0)
        result = self.idioms[command["idiom"]]().contiguous().numpy()
        result.tofile(command["file"])
        return {"saved": int(result.size)}


def main():
    torch.set_grad_enabled(False)
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"version": torch.__version__}), flush=True)
    peer = Peer()
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(getattr(peer, command["do"])(command)), flush=True)


if __name__ == "__main__":
    main()
