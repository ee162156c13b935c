# libzip: .npz files.
if(TARGET attn::zip)
  return()
endif()
find_package(PkgConfig QUIET)
attn_require("${PkgConfig_FOUND}" "pkg-config" pkgconf)
pkg_check_modules(ATTN_ZIP QUIET IMPORTED_TARGET GLOBAL libzip>=1.7)
attn_require("${ATTN_ZIP_FOUND}" "libzip ≥ 1.7" libzip-dev)
add_library(attn::zip ALIAS PkgConfig::ATTN_ZIP)
