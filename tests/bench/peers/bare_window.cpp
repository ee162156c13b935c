// The least that a window of GLFW and Dear ImGui can be, for comparing starts: bare_window LOG opens it,
// draws one frame with one line of text, writes a line into LOG and waits to be ended.
#include <cstdio>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

int main(int count, char** words) {
  if (count != 2 || glfwInit() != GLFW_TRUE) return 1;
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  GLFWwindow* const window = glfwCreateWindow(1440, 900, "bare", nullptr, nullptr);
  if (window == nullptr) return 1;
  glfwMakeContextCurrent(window);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  bool logged = false;
  while (glfwWindowShouldClose(window) == 0) {
    glfwPollEvents();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    // With a size of its own it is drawn in the first frame; one that fits its contents is hidden in it.
    ImGui::SetNextWindowSize({300, 200});
    ImGui::Begin("bare");
    ImGui::TextUnformatted("A window.");
    ImGui::End();
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window);
    if (!logged) {
      std::FILE* const log = std::fopen(words[1], "we");
      if (log == nullptr) return 1;
      std::fputs("frame\n", log);
      std::fclose(log);
      logged = true;
    }
    glfwWaitEvents();
  }
  return 0;
}
