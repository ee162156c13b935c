#pragma once

#include <array>
#include <string_view>

namespace attn::app {

/// A kind of file that the window opens. Its dialogs list these; a name that is typed may end in anything.
struct OpenedFile {
  std::string_view suffix;
  bool settings = false;  ///< settings may be in one
};

inline constexpr std::array kOpenedFiles{
    OpenedFile{".json", true}, OpenedFile{".jsonl"},       OpenedFile{".ndjson"}, OpenedFile{".npy"},
    OpenedFile{".npz"},        OpenedFile{".safetensors"}, OpenedFile{".png"},    OpenedFile{".svg"},
    OpenedFile{".pdf"},        OpenedFile{".apng"},
};

}  // namespace attn::app
