# `cpack` in the build folder makes a .deb of what `cmake --install` installs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME attnscope)
set(CPACK_PACKAGE_VENDOR "attnscope")
set(CPACK_PACKAGE_CONTACT "The attnscope authors <attnscope@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "oscilloscope for the attention of transformers")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "attnscope opens sequences (tokens, embeddings, queries and keys, or saved
attention), computes their attention weights itself, and lets every knob of
the equation be turned while the heatmap follows. Figures and numbers are
exported from the window or from the command line. It needs no Python, no
browser and no network.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
# Whatever the umask of who builds it.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# GLFW loads these itself, where dpkg-shlibdeps does not see it.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libgl1, libxcursor1, libxi6, libxinerama1, libxrandr2")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "libgl1-mesa-dri, fonts-inter, fonts-dejavu-core, fonts-droid-fallback, fonts-noto-color-emoji")

include(CPack)
