#pragma once

#include <string>

namespace attn::app {

/// The program's page for man(1), in roff, made from the options that --help lists and the tables that
/// `attnscope help` prints.
[[nodiscard]] std::string man_page();

}  // namespace attn::app
