# Dear ImGui with its GLFW and OpenGL 3 backends, from source: its settings below are fixed when it is compiled.
if(TARGET attn::imgui)
  return()
endif()
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch_imgui.sh COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS imgui.sha256)
set(imgui ${CMAKE_CURRENT_LIST_DIR}/downloads/imgui)
add_library(attn_imgui STATIC
  ${imgui}/imgui.cpp
  ${imgui}/imgui_draw.cpp
  ${imgui}/imgui_tables.cpp
  ${imgui}/imgui_widgets.cpp
  ${imgui}/backends/imgui_impl_glfw.cpp
  ${imgui}/backends/imgui_impl_opengl3.cpp
  ${imgui}/misc/cpp/imgui_stdlib.cpp)
target_include_directories(attn_imgui SYSTEM PUBLIC ${imgui} ${imgui}/backends ${imgui}/misc/cpp)
# 16-bit indices overflow at 16,384 rectangles; tokens hold characters beyond the first 65,536.
target_compile_definitions(attn_imgui PUBLIC
  IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  IMGUI_USE_WCHAR32
  "ImDrawIdx=unsigned int")
target_link_libraries(attn_imgui PUBLIC attn::glfw PRIVATE ${CMAKE_DL_LIBS})
add_library(attn::imgui ALIAS attn_imgui)
