#include "app/run_window.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <future>

#include <fmt/format.h>

#include "app/effects.hpp"
#include "app/event_log.hpp"
#include "app/gl/frame.hpp"
#include "app/open_file.hpp"
#include "app/platform/autosave.hpp"
#include "app/platform/clipboard_image.hpp"
#include "app/platform/imgui_layer.hpp"
#include "app/platform/pacing.hpp"
#include "app/platform/paths.hpp"
#include "app/platform/recent_files.hpp"
#include "app/shell.hpp"
#include "app/state/reduce.hpp"
#include "app/widgets/widgets.hpp"
#include "core/base/parallel.hpp"
#include "core/kernels/isa.hpp"

namespace attn::app {
namespace {

constexpr std::chrono::seconds kAutosaveEvery{10};
constexpr std::size_t kLabelPages = 8;

// Where the window starts: on what was asked for, or on the sample. Errors: the reader's.
Result<Action> first_action(const Arguments& arguments) {
  OpenOptions options;
  options.document = arguments.document;
  if (!arguments.files.empty()) {
    if (const auto folder = state_folder()) options.known = load_recent_files(*folder / "recent.json");
    for (const Sample& sample : samples_of(samples_folder())) options.known.push_back(sample.path);
  }
  const std::filesystem::path sample = samples_folder() / "said_twice.json";
  Action action = open_anything(
      arguments.files.empty() ? sample : std::filesystem::path(arguments.files.front()), options);
  const auto* refused = std::get_if<Refuse>(&action);
  if (refused == nullptr) return action;
  if (!arguments.files.empty()) return tl::unexpected(refused->error);
  return open_text("The cat sat on the mat because it was tired");
}

Result<AppState> first_state(const Action& action, SettingsStack stack) {
  if (const auto* read = std::get_if<DocumentRead>(&action)) {
    auto state = initial_state(read->document, std::move(stack));
    if (state) state->project.source = read->source;
    if (state) state->history.steps.front().project = state->project;
    return state;
  }
  if (const auto* read = std::get_if<SessionRead>(&action)) return initial_state(read->document);
  // Settings alone, and a figure whose document is asked for, are shown on the sample.
  const Action sample = open_text("The cat sat on the mat because it was tired");
  return initial_state(std::get<DocumentRead>(sample).document);
}

std::string about_text() {
  return fmt::format("Version {}\n{}\nDear ImGui {}\nInstruction set {}, {} threads\n", ATTNSCOPE_VERSION,
                     gl::driver_description(), ImGui::GetVersion(), kernels::name(kernels::selected()),
                     default_threads());
}

int exit_code_of(const Error& error) {
  const bool no_display = error.code == ErrorCode::not_found || error.code == ErrorCode::unsupported;
  return no_display ? kNoDisplay : kRefused;
}

// The window's loop: events in, a frame out, actions reduced, effects carried out.
class Loop {
 public:
  Loop(Window& window, ImGuiLayer& layer, TextRenderer text, AppState state, const Arguments& arguments)
      : window_(window),
        layer_(layer),
        labels_(kLabelPages, std::move(text)),
        state_(std::move(state)),
        effects_(window, arguments.threads),
        autosave_(state_folder().value_or("")),
        shell_(about_text(), arguments.threads),
        log_(arguments.event_log) {
    // What the person likes is known before anything is opened.
    for (Action& action : effects_.take()) dispatch(std::move(action));
  }

  void run() {
    step();
    // No map has been computed yet: its shader need not be ready for the first frame.
    if (auto ready = heatmaps_.prepare(); !ready) dispatch(Refuse{ready.error()});
    while (!window_.should_close() && !state_.ui.quit) {
      const double sleep = pacing_.settled() ? std::min(layer_.seconds_to_frame(), seconds_to_sleep()) : 0;
      if (wait(sleep) || layer_.has_input()) pacing_.stir();
      step();
    }
  }

  void dispatch(Action action) { waiting_.push_back(std::move(action)); }

 private:
  // Takes what has come, and draws a frame.
  void step() {
    for (const auto& path : window_.take_dropped()) dispatch(OpenFile{path});
    for (Action& action : effects_.take()) dispatch(std::move(action));
    if (const auto computing = effects_.computing(); computing != state_.ui.computing)
      dispatch(Computing{computing});
    if (reduce_all()) pacing_.stir();
    pacing_.count();
    draw_frame();
    if (reduce_all()) pacing_.stir();
    autosave();
  }

  // Handles events, waiting for them up to so long; true where one ended the wait.
  bool wait(double seconds) {
    const auto start = std::chrono::steady_clock::now();
    window_.wait_events(seconds);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds;
  }

  // True where there was something to do.
  bool reduce_all() {
    const bool any = !waiting_.empty();
    while (!waiting_.empty()) {
      const Action action = std::move(waiting_.front());
      waiting_.pop_front();
      Reduced reduced = reduce(std::move(state_), action);
      state_ = std::move(reduced.state);
      for (const Effect& effect : reduced.effects) {
        if (std::holds_alternative<Compute>(effect)) log_.asked();
        effects_.run(effect);
      }
    }
    if (any) follow_state();
    return any;
  }

  // What stands outside ImGui and has to follow the state.
  void follow_state() {
    if (layer_.theme().is_dark != state_.preferences.dark) {
      layer_.set_theme(state_.preferences.dark ? dark_theme() : light_theme());
    }
    layer_.set_user_scale(static_cast<float>(state_.preferences.scale));
    effects_.watch(state_.project.source.path);
  }

  void autosave() {
    const auto now = std::chrono::steady_clock::now();
    if (now - saved_ < kAutosaveEvery) return;
    const std::string session =
        session_to_json(state_).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (!autosave_.has(session)) autosave_.keep(session);
    saved_ = now;
  }

  // How long an idle window may sleep: until something is to be kept, or, while there is work, a look at its
  // progress.
  [[nodiscard]] double seconds_to_sleep() const {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - saved_;
    const double left = std::chrono::duration<double>(kAutosaveEvery).count() - since.count();
    return effects_.busy() ? 0.1 : std::max(0.05, left);
  }

  void draw_frame() {
    const WindowSize size = window_.framebuffer_size();
    if (size.empty()) return;
    layer_.begin_frame();
    heatmaps_.begin_frame();
    preview_.show(state_.computed.preview.image);
    labels_.begin_frame(ImGui::GetIO().DisplayFramebufferScale.x);
    Marks marks;
    Ui ui{layer_.theme(),
          layer_.fonts(),
          labels_,
          heatmaps_,
          preview_,
          layer_.scale(),
          log_.on() ? &marks : nullptr};
    shell_.draw(state_, ui, [this](Action action) { dispatch(std::move(action)); });
    const bool changed = layer_.finish_frame();
    if (window_.take_damaged() || changed || heatmaps_.changed() || heatmaps_.waiting() ||
        labels_.renders() != labels_rendered_) {
      show_frame(size);
    }
    if (heatmaps_.waiting()) pacing_.stir();
    const bool still = pacing_.settled() && layer_.seconds_to_frame() > 0;
    log_.frame(state_, marks, still && !effects_.busy() && waiting_.empty(), !heatmaps_.waiting());
  }

  void show_frame(WindowSize size) {
    const Color back = layer_.theme().canvas;
    gl::clear_frame({size.width, size.height}, {back.red, back.green, back.blue});
    layer_.draw_frame();
    window_.swap();
    labels_rendered_ = labels_.renders();
  }

  Window& window_;
  ImGuiLayer& layer_;
  gl::HeatmapRenderer heatmaps_;
  gl::LabelAtlas labels_;
  gl::PictureTexture preview_;
  std::size_t labels_rendered_ = 0;
  AppState state_;
  std::deque<Action> waiting_;
  Pacing pacing_;
  Effects effects_;
  Autosave autosave_;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
  Shell shell_;
  EventLog log_;
};

// A process that died left its session: it goes on where that one stopped.
void restore_orphan(Loop& loop) {
  const auto orphan = take_orphan(state_folder().value_or(""));
  if (!orphan) return;
  const Action action = open_session(*orphan, "the session that was kept");
  loop.dispatch(action);
  if (std::holds_alternative<SessionRead>(action))
    loop.dispatch(Say{"Brought back what was open when attnscope ended"});
}

// What takes as long as opening a window, and can be done beside it.
struct Typefaces {
  FontAtlas panels;
  TextRenderer text;
};
Typefaces make_typefaces() {
  // The likeliest scale; faces for another are made when the screen is known.
  Typefaces made{make_font_atlas(1), {}};
  for (const ImFont* font : {made.panels.fonts.body, made.panels.fonts.small})
    gl::find_faces(made.text, {.size = label_size(*font)}, 1);
  return made;
}

}  // namespace

int run_window(const Arguments& arguments) {
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  // Without a display a refused file is still the first thing to say.
  const auto met = Window::meet_display();
  auto reading = std::async(std::launch::async, first_action, std::cref(arguments));
  auto making = std::async(std::launch::async, make_typefaces);
  WindowOptions hidden;
  hidden.visible = false;
  auto window = met ? Window::open(hidden) : tl::unexpected(met.error());
  auto action = reading.get();
  if (!action) return refuse(action.error());
  if (auto* read = std::get_if<SessionRead>(&*action)) {
    // The command line wins over the session's own settings, as it wins over a document's.
    auto& own = read->session.settings;
    own.files.insert(own.files.end(), stack->files.begin(), stack->files.end());
    own.sets.insert(own.sets.end(), stack->sets.begin(), stack->sets.end());
  }
  auto state = first_state(*action, std::move(*stack));
  if (!state) return refuse(state.error());

  state->ui.samples = samples_of(samples_folder());
  state->ui.image_copier = image_copier();

  if (!window) {
    refuse(window.error());
    return exit_code_of(window.error());
  }
  Typefaces typefaces = making.get();
  auto layer = ImGuiLayer::create(*window, dark_theme(), std::move(typefaces.panels));
  if (!layer) return refuse(layer.error());
  window->show();
  Loop loop(*window, *layer, std::move(typefaces.text), std::move(*state), arguments);
  if (!std::holds_alternative<DocumentRead>(*action)) loop.dispatch(*action);
  if (arguments.files.empty()) restore_orphan(loop);
  for (std::size_t i = 1; i < arguments.files.size(); ++i) loop.dispatch(OpenFile{arguments.files[i]});
  loop.run();
  return kDone;
}

}  // namespace attn::app
