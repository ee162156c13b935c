#include "app/preview.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include "core/base/out_of_memory.hpp"
#include "core/base/progress.hpp"
#include "core/figure/files/cairo_backend.hpp"

namespace attn::app {
namespace {

FigurePreview preview_of(const PreviewRequest& request, TextRenderer& text, std::size_t threads,
                         Progress& progress) {
  FigurePreview preview;
  preview.revision = request.revision;
  const auto content = compose_figure(request.job, text, threads, &progress);
  if (!content) {
    preview.error = content.error();
    return preview;
  }
  const DisplayList& list = content->frames.front();
  preview.width = list.width;
  preview.height = list.height;
  preview.dpi = list.dpi;
  preview.frames = content->frames.size();
  const double scale = std::min({1.0, request.width / static_cast<double>(list.width),
                                 request.height / static_cast<double>(list.height)});
  auto image = figure_pixels(list, text, scale);
  if (image) {
    preview.image = std::make_shared<const PixelImage>(std::move(*image));
  } else {
    preview.error = image.error();
  }
  return preview;
}

}  // namespace

PreviewWorker::Work preview_work(std::size_t threads) {
  // Its faces are dear to make: one for all previews, made with the first.
  return [threads, text = std::shared_ptr<TextRenderer>()](const PreviewRequest& request, const auto& publish,
                                                           const auto& outdated) mutable {
    if (!text) text = std::make_shared<TextRenderer>();
    Progress progress;
    progress.outdated = outdated;
    FigurePreview preview;
    try {
      preview = preview_of(request, *text, threads, progress);
    } catch (const std::bad_alloc&) {
      preview.revision = request.revision;
      preview.error = out_of_memory("a figure", "Show a part of the map, or fewer heads.");
    }
    if (!outdated()) publish(std::move(preview));
  };
}

}  // namespace attn::app
