# CLI11: the command line.
if(TARGET attn::cli)
  return()
endif()
find_package(CLI11 2.1 QUIET)
attn_require("${CLI11_FOUND}" "CLI11 ≥ 2.1" libcli11-dev)
add_library(attn::cli ALIAS CLI11::CLI11)
