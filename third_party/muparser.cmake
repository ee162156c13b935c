# muParser: formulas of masks and biases.
if(TARGET attn::muparser)
  return()
endif()
find_package(muparser 2.3 QUIET)
attn_require("${muparser_FOUND}" "muParser ≥ 2.3" libmuparser-dev)
add_library(attn::muparser ALIAS muparser::muparser)
