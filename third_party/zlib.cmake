# zlib: the compression of PNG files.
if(TARGET attn::zlib)
  return()
endif()
find_package(ZLIB 1.2.9 QUIET)
attn_require("${ZLIB_FOUND}" "zlib ≥ 1.2.9" zlib1g-dev)
add_library(attn::zlib ALIAS ZLIB::ZLIB)
