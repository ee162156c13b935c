# Cairo, Pango and fontconfig: text in every script, figures.
if(TARGET attn::text)
  return()
endif()
find_package(PkgConfig QUIET)
attn_require("${PkgConfig_FOUND}" "pkg-config" pkgconf)
pkg_check_modules(ATTN_TEXT QUIET IMPORTED_TARGET GLOBAL cairo>=1.16 pangocairo>=1.50 pangoft2>=1.50 fontconfig>=2.13)
attn_require("${ATTN_TEXT_FOUND}" "Cairo ≥ 1.16, Pango ≥ 1.50 or fontconfig ≥ 2.13"
  "libcairo2-dev libpango1.0-dev libfontconfig-dev")
add_library(attn::text ALIAS PkgConfig::ATTN_TEXT)
