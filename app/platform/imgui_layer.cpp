#include "app/platform/imgui_layer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <imgui_internal.h>

namespace attn::app {
namespace {

constexpr const char* kShaderVersion = "#version 330 core";
constexpr double kHoverWait = 0.6;  // seconds until the slowest tooltip is there
constexpr double kHoverLook = 0.1;
constexpr double kCursorBlink = 0.2;  // ImGui's text cursor is there for 0.8 s, and gone for 0.4 s
constexpr double kBlinksFor = 10;     // seconds after the last input: then it stays, and the window may sleep
constexpr float kLeastUserScale = 0.5f, kGreatestUserScale = 3;

Error no_backend(const char* what) {
  return {ErrorCode::unsupported, "", "display", what, "it refused", "Update the graphics driver."};
}

// Equal for equal bytes; eight at a time.
std::uint64_t hashed(std::uint64_t hash, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, std::min(sizeof(word), size - at));
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return hash;
}

// Of everything that is drawn, but for what callbacks draw.
std::uint64_t fingerprint(const ImDrawData& data) {
  std::uint64_t hash = hashed(1, &data.DisplaySize, sizeof(data.DisplaySize));
  hash = hashed(hash, &data.FramebufferScale, sizeof(data.FramebufferScale));
  for (const ImDrawList* list : data.CmdLists) {
    hash = hashed(hash, list->VtxBuffer.Data, static_cast<std::size_t>(list->VtxBuffer.size_in_bytes()));
    hash = hashed(hash, list->IdxBuffer.Data, static_cast<std::size_t>(list->IdxBuffer.size_in_bytes()));
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const std::array<std::uintptr_t, 3> numbers{reinterpret_cast<std::uintptr_t>(command.TextureId),
                                                  command.ElemCount,
                                                  reinterpret_cast<std::uintptr_t>(command.UserCallback)};
      hash = hashed(hash, &command.ClipRect, sizeof(command.ClipRect));
      hash = hashed(hash, numbers.data(), sizeof(numbers));
    }
  }
  return hash;
}

}  // namespace

struct ImGuiLayer::State {
  Window* window = nullptr;
  const Theme* theme = nullptr;
  FontAtlas fonts;
  ImGuiContext* context = nullptr;
  bool has_window_backend = false;
  bool has_drawing_backend = false;
  float user_scale = 1;
  float scale = 0;        // ImGui's lengths in a design pixel
  float pixel_ratio = 0;  // framebuffer pixels in one of ImGui's lengths
  double last_motion = 0, last_input = 0;
  std::uint64_t finished = 0;  // fingerprint of the frame before

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (context == nullptr) return;
    ImGui::SetCurrentContext(context);
    if (has_drawing_backend) ImGui_ImplOpenGL3_Shutdown();
    if (has_window_backend) ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext(context);
  }

  // A new face for a new scale, and lengths that go with it.
  void adopt_scale() {
    const float ratio = window->pixel_ratio();
    const float wanted = window->content_scale() / ratio * user_scale;
    if (wanted == scale && ratio == pixel_ratio) return;
    scale = wanted;
    pixel_ratio = ratio;
    ImGuiIO& io = ImGui::GetIO();
    if (fonts.scale != scale * ratio) {
      fonts.scale = scale * ratio;
      fonts.fonts = build_fonts(*fonts.atlas, fonts.scale);
    }
    io.FontGlobalScale = 1 / ratio;
    io.FontDefault = fonts.fonts.body;
    // The first texture comes with the first frame.
    if (io.Fonts->TexID != ImTextureID{}) {
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    apply(*theme, scale);
  }
};

ImGuiLayer::ImGuiLayer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImGuiLayer::ImGuiLayer(ImGuiLayer&&) noexcept = default;
ImGuiLayer& ImGuiLayer::operator=(ImGuiLayer&&) noexcept = default;
ImGuiLayer::~ImGuiLayer() = default;

Result<ImGuiLayer> ImGuiLayer::create(Window& window, const Theme& theme, FontAtlas fonts) {
  auto state = std::make_unique<State>();
  state->window = &window;
  state->theme = &theme;
  state->fonts = std::move(fonts);
  state->context = ImGui::CreateContext(state->fonts.atlas.get());
  ImGui::SetCurrentContext(state->context);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.ConfigInputTrickleEventQueue = true;
  state->has_window_backend = ImGui_ImplGlfw_InitForOpenGL(window.handle(), true);
  if (!state->has_window_backend) return tl::unexpected(no_backend("a window for ImGui"));
  state->has_drawing_backend = ImGui_ImplOpenGL3_Init(kShaderVersion);
  if (!state->has_drawing_backend) return tl::unexpected(no_backend("OpenGL 3.3 for ImGui"));
  return ImGuiLayer(std::move(state));
}

void ImGuiLayer::begin_frame() {
  ImGui::SetCurrentContext(state_->context);
  state_->adopt_scale();
  const bool input = has_input();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  if (input) state_->last_input = ImGui::GetTime();
  ImGui::GetIO().ConfigInputTextCursorBlink = ImGui::GetTime() - state_->last_input < kBlinksFor;
  const ImVec2 motion = ImGui::GetIO().MouseDelta;
  if (motion.x != 0 || motion.y != 0) state_->last_motion = ImGui::GetTime();
}

bool ImGuiLayer::finish_frame() {
  ImGui::Render();
  const std::uint64_t now = fingerprint(*ImGui::GetDrawData());
  return std::exchange(state_->finished, now) != now;
}

void ImGuiLayer::draw_frame() {
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void ImGuiLayer::set_theme(const Theme& theme) {
  state_->theme = &theme;
  if (state_->scale > 0) apply(theme, state_->scale);
}

void ImGuiLayer::set_user_scale(float scale) {
  if (std::isfinite(scale)) state_->user_scale = std::clamp(scale, kLeastUserScale, kGreatestUserScale);
}

const Fonts& ImGuiLayer::fonts() const {
  return state_->fonts.fonts;
}

const Theme& ImGuiLayer::theme() const {
  return *state_->theme;
}

float ImGuiLayer::scale() const {
  return state_->scale;
}

float ImGuiLayer::pixel_ratio() const {
  return state_->pixel_ratio;
}

bool ImGuiLayer::has_input() const {
  return state_->context->InputEventsQueue.Size > 0;
}

double ImGuiLayer::seconds_to_frame() const {
  const ImGuiContext& context = *state_->context;
  const bool dims = ImGui::GetTopMostPopupModal() != nullptr && context.DimBgRatio < 1;
  // ImGui spreads fast input over frames: a key's press and its release never fall into one.
  if (dims || has_input() || ImGui::IsAnyMouseDown()) return 0;
  if (ImGui::IsAnyItemHovered() && ImGui::GetTime() - state_->last_motion < kHoverWait) return kHoverLook;
  const bool blinks = context.IO.WantTextInput && context.IO.ConfigInputTextCursorBlink;
  return blinks ? kCursorBlink : std::numeric_limits<double>::infinity();
}

}  // namespace attn::app
