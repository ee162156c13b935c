#pragma once

#include "app/state/app_state.hpp"
#include "core/engine/latest_worker.hpp"

namespace attn::app {

using PreviewWorker = LatestWorker<PreviewRequest, FigurePreview>;

/// Composes the figure as the export would, and draws its first frame no larger than the room on the screen.
[[nodiscard]] PreviewWorker::Work preview_work(std::size_t threads);

}  // namespace attn::app
