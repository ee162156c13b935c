#include "app/run_window.hpp"

#include <deque>

#include <fmt/format.h>

#include "app/effects.hpp"
#include "app/event_log.hpp"
#include "app/gl/frame.hpp"
#include "app/platform/imgui_layer.hpp"
#include "app/shell.hpp"
#include "app/state/reduce.hpp"
#include "core/document/read_document.hpp"

namespace attn::app {
namespace {

constexpr int kFramesAfterInput = 3;  // ImGui needs a frame or two to settle after an event

// The sample lies beside the installed program, or in the source tree that the program was built from.
Result<std::shared_ptr<const Document>> first_document(const Arguments& arguments) {
  if (!arguments.files.empty()) return open_document(arguments.files.front(), arguments);
  auto sample = read_document(std::filesystem::path(ATTNSCOPE_SAMPLES) / "said_twice.json");
  if (!sample) sample = document_from_text("The cat sat on the mat because it was tired");
  if (!sample) return tl::unexpected(sample.error());
  return std::make_shared<const Document>(std::move(*sample));
}

std::string about_text() {
  return fmt::format("Version {}\nOpenGL {}\nDear ImGui {}\n", ATTNSCOPE_VERSION, gl::driver_description(),
                     ImGui::GetVersion());
}

int exit_code_of(const Error& error) {
  const bool no_display = error.code == ErrorCode::not_found || error.code == ErrorCode::unsupported;
  return no_display ? kNoDisplay : kRefused;
}

// The window's loop: events in, a frame out, actions reduced, effects carried out.
class Loop {
 public:
  Loop(Window& window, ImGuiLayer& layer, gl::HeatmapRenderer& heatmaps, AppState state,
       const Arguments& arguments)
      : window_(window),
        layer_(layer),
        heatmaps_(heatmaps),
        state_(std::move(state)),
        effects_(window, arguments.threads),
        shell_(about_text(), arguments.threads),
        log_(arguments.event_log) {}

  void run() {
    dispatch(Say{""});
    int frames = kFramesAfterInput;
    while (!window_.should_close() && !state_.ui.quit) {
      if (frames > 0 || layer_.wants_frame()) {
        window_.poll_events();
      } else {
        window_.wait_events();
        frames = kFramesAfterInput;
      }
      for (const auto& path : window_.take_dropped()) dispatch(OpenFile{path});
      for (Action& action : effects_.take()) dispatch(std::move(action));
      frames = reduce_all() ? kFramesAfterInput : frames - 1;
      draw_frame(frames <= 0);
      if (reduce_all()) frames = kFramesAfterInput;
    }
  }

  void dispatch(Action action) { waiting_.push_back(std::move(action)); }

 private:
  // True where there was something to do.
  bool reduce_all() {
    const bool any = !waiting_.empty();
    while (!waiting_.empty()) {
      const Action action = std::move(waiting_.front());
      waiting_.pop_front();
      const bool was_dark = state_.view.dark;
      Reduced reduced = reduce(std::move(state_), action);
      state_ = std::move(reduced.state);
      for (const Effect& effect : reduced.effects) effects_.run(effect);
      if (state_.view.dark != was_dark) layer_.set_theme(state_.view.dark ? dark_theme() : light_theme());
    }
    return any;
  }

  void draw_frame(bool settled) {
    const WindowSize size = window_.framebuffer_size();
    if (size.empty()) return;
    layer_.begin_frame();
    heatmaps_.begin_frame();
    labels_.begin_frame(ImGui::GetIO().DisplayFramebufferScale.x);
    Ui ui{layer_.theme(), layer_.fonts(), labels_, heatmaps_, layer_.scale(), {}};
    shell_.draw(state_, ui, [this](Action action) { dispatch(std::move(action)); });
    const Color back = layer_.theme().canvas;
    gl::clear_frame({size.width, size.height}, {back.red, back.green, back.blue});
    layer_.end_frame();
    window_.swap();
    log_.frame(state_, ui, settled && !effects_.busy() && waiting_.empty());
  }

  Window& window_;
  ImGuiLayer& layer_;
  gl::HeatmapRenderer& heatmaps_;
  gl::LabelAtlas labels_;
  AppState state_;
  std::deque<Action> waiting_;
  Effects effects_;
  Shell shell_;
  EventLog log_;
};

}  // namespace

int run_window(const Arguments& arguments) {
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  auto document = first_document(arguments);
  if (!document) return refuse(document.error());
  auto state = initial_state(std::move(*document), std::move(*stack));
  if (!state) return refuse(state.error());

  auto window = Window::open();
  if (!window) {
    refuse(window.error());
    return exit_code_of(window.error());
  }
  auto layer = ImGuiLayer::create(*window, dark_theme());
  if (!layer) return refuse(layer.error());
  auto heatmaps = gl::HeatmapRenderer::create();
  if (!heatmaps) return refuse(heatmaps.error());
  Loop loop(*window, *layer, *heatmaps, std::move(*state), arguments);
  for (std::size_t i = 1; i < arguments.files.size(); ++i) loop.dispatch(OpenFile{arguments.files[i]});
  loop.run();
  return kDone;
}

}  // namespace attn::app
