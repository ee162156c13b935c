# ISA-L: fast compression of PNG files.
if(TARGET attn::isal)
  return()
endif()
find_package(PkgConfig QUIET)
attn_require("${PkgConfig_FOUND}" "pkg-config" pkgconf)
pkg_check_modules(ATTN_ISAL QUIET IMPORTED_TARGET GLOBAL libisal>=2.30)
attn_require("${ATTN_ISAL_FOUND}" "ISA-L ≥ 2.30" libisal-dev)
add_library(attn::isal ALIAS PkgConfig::ATTN_ISAL)
