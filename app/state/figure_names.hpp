#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/stage.hpp"
#include "core/base/error.hpp"
#include "core/engine/head_choice.hpp"

namespace attn::app {

/// What tells one figure of a batch from another.
struct FigureFacts {
  std::string name;          ///< of the document's file, without folder and suffix
  std::string title;         ///< of the document
  std::size_t document = 0;  ///< which one of its file
  std::size_t layer = 0;
  HeadChoice head;
  Stage stage = Stage::weights;
};

/// A word that a name may hold in braces. The reader, its messages and the help are made from these rows.
struct NameField {
  std::string_view name;
  std::string_view meaning;
  std::string (*text)(const FigureFacts& facts);
  bool words = false;  ///< what a person wrote, and may be shortened
};
[[nodiscard]] std::span<const NameField> name_fields();

/// The names of many figures: `out/{name}_L{layer:02}_H{head:02}.png`. A width fills numbers with blanks on
/// the left, or with zeros where it begins with 0; `{{` and `}}` are braces.
class FigureNames {
 public:
  /// Errors: usage; unknown words name the nearest.
  [[nodiscard]] static Result<FigureNames> parse(const std::string& text);

  /// False: every figure has the same name.
  [[nodiscard]] bool differ() const;
  /// What a document says of itself stays one part of a path: `/` and what is no text become `_`, and long
  /// words lose their middle.
  [[nodiscard]] std::string name_of(const FigureFacts& facts) const;

 private:
  struct Piece {
    std::string text;
    const NameField* field = nullptr;  ///< null: `text` as it is
    std::size_t width = 0;
    char fill = ' ';
  };
  std::vector<Piece> pieces_;
};

/// `text` with its braces doubled, so that they stand for themselves.
[[nodiscard]] std::string braces_doubled(const std::string& text);

}  // namespace attn::app
