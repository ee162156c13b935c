# tl::expected: errors as values.
if(TARGET attn::expected)
  return()
endif()
find_package(tl-expected 1 QUIET)
attn_require("${tl-expected_FOUND}" "tl::expected ≥ 1" libexpected-dev)
add_library(attn::expected ALIAS tl::expected)
