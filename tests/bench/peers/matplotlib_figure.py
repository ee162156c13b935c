"""matplotlib as the benchmark's peer: a heatmap of a .npy file with axes, a title and a colour bar, one pixel or more a cell.

matplotlib_figure.py MAP.npy OUT.png WIDTH HEIGHT common|fast
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy

source, out, width, height, way = sys.argv[1:]
DPI = 100

weights = numpy.load(source)
figure, axes = plt.subplots(figsize=(int(width) / DPI, int(height) / DPI), dpi=DPI)
picture = axes.imshow(weights, cmap="viridis", **({"interpolation": "nearest"} if way == "fast" else {}))
axes.set_xlabel("key")
axes.set_ylabel("query")
figure.colorbar(picture)
figure.savefig(out, **({"pil_kwargs": {"compress_level": 1}} if way == "fast" else {}))
