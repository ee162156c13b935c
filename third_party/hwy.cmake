# Highway: kernels for every instruction set in one binary.
if(TARGET attn::hwy)
  return()
endif()
find_package(PkgConfig QUIET)
attn_require("${PkgConfig_FOUND}" "pkg-config" pkgconf)
pkg_check_modules(ATTN_HWY QUIET IMPORTED_TARGET GLOBAL libhwy>=1.0.3)
attn_require("${ATTN_HWY_FOUND}" "Highway ≥ 1.0.3" libhwy-dev)
add_library(attn::hwy ALIAS PkgConfig::ATTN_HWY)
