"""matplotlib as the benchmark's peer: heatmaps of a .npy file with axes, a title and a colour bar, one pixel or more a cell.

matplotlib_figure.py MAPS.npy OUT{}.png WIDTH HEIGHT common|fast: a file for each map; its number takes the place of {}.
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy

source, out, width, height, way = sys.argv[1:]
DPI = 100

maps = numpy.load(source)
for number, weights in enumerate(maps.reshape(-1, *maps.shape[-2:])):
    figure, axes = plt.subplots(figsize=(int(width) / DPI, int(height) / DPI), dpi=DPI)
    picture = axes.imshow(weights, cmap="viridis", **({"interpolation": "nearest"} if way == "fast" else {}))
    axes.set_xlabel("key")
    axes.set_ylabel("query")
    figure.colorbar(picture)
    figure.savefig(out.format(number), **({"pil_kwargs": {"compress_level": 1}} if way == "fast" else {}))
    plt.close(figure)
