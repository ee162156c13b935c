# glad: the OpenGL functions, generated offline from the specification that the generator carries (--reproducible).
if(TARGET attn::glad)
  return()
endif()
find_program(ATTNSCOPE_GLAD glad)
attn_require("${ATTNSCOPE_GLAD}" "the glad 2 generator" python3-glad)
set(out ${CMAKE_CURRENT_BINARY_DIR}/glad)
add_custom_command(
  OUTPUT ${out}/src/gl.c ${out}/include/glad/gl.h ${out}/include/KHR/khrplatform.h
  COMMAND ${ATTNSCOPE_GLAD} --quiet --reproducible --api gl:core=3.3 --extensions GL_KHR_debug --out-path ${out} c
  COMMENT "Generating the OpenGL loader"
  VERBATIM)
add_library(attn_glad STATIC ${out}/src/gl.c ${out}/include/glad/gl.h)
target_include_directories(attn_glad SYSTEM PUBLIC ${out}/include)
add_library(attn::glad ALIAS attn_glad)
