# fmt: formatting that does not follow the locale.
if(TARGET attn::fmt)
  return()
endif()
find_package(fmt 9 QUIET)
attn_require("${fmt_FOUND}" "fmt ≥ 9" libfmt-dev)
add_library(attn::fmt ALIAS fmt::fmt)
