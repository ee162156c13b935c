#include "core/document/tensor_document.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/file_kind.hpp"
#include "core/document/keys.hpp"

namespace attn {
namespace {

constexpr std::size_t kNamesShown = 6;
constexpr std::size_t kShownCharacters = 40;
constexpr std::string_view kDocumentHint =
    "A document names them: {\"attention\": {\"file\": \"FILE\", \"name\": \"NAME\"}}";

// Where a layer may start, the one that says most first; the first `required` of `keys` have to be there. A
// file may hold several (queries, keys, and the weights that came of them), while a document starts at one.
struct Start {
  std::vector<std::string_view> keys;
  std::size_t required;
};

std::vector<Start> starts() {
  std::vector<Start> all = {
      {{"q", "k", "v", "W_o", "b_o"}, 2},
      {{"W_q", "W_k", "W_v", "b_q", "b_k", "b_v", "W_o", "b_o"}, 3},
      {{"scores"}, 1},
  };
  for (const std::string_view name : keys::kAttention) all.push_back({{name}, 1});
  return all;
}

bool holds(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// The names that one start leaves; all of them where none is complete, so that the reader can say what is
// missing.
std::vector<std::string_view> names_to_read(const std::vector<std::string>& names) {
  std::vector<std::string_view> read{keys::kSequenceTensors.begin(), keys::kSequenceTensors.end()};
  read.insert(read.end(), keys::kLayerTensors.begin(), keys::kLayerTensors.end());
  const auto all = starts();
  const auto start = std::find_if(all.begin(), all.end(), [&](const Start& each) {
    return std::all_of(each.keys.begin(), each.keys.begin() + static_cast<std::ptrdiff_t>(each.required),
                       [&](std::string_view key) { return holds(names, key); });
  });
  if (start == all.end()) return read;
  std::erase_if(read, [&](std::string_view key) {
    const bool begins =
        std::any_of(all.begin(), all.end(), [&](const Start& each) { return holds(each.keys, key); });
    return begins && !holds(start->keys, key);
  });
  return read;
}

JsonNode::Object reference(const std::string& file, const std::string* name) {
  JsonNode::Object members;
  members.push_back({"file", JsonNode{file}});
  if (name != nullptr) members.push_back({"name", JsonNode{*name}});
  return members;
}

std::string shown(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    text += (i == 0 ? "" : ", ") + shorten_middle(visible(names[i]), kShownCharacters);
  if (names.size() > kNamesShown) text += fmt::format(" and {} more", grouped(names.size() - kNamesShown));
  return text;
}

}  // namespace

Result<JsonNode::Object> tensor_document(const TensorFile& file, const std::string& name,
                                         std::vector<Note>& notes) {
  JsonNode::Object members;
  if (file.kind == TensorFileKind::npy) {
    members.push_back({std::string(keys::kAttention.front()), JsonNode{reference(name, nullptr)}});
    return members;
  }
  const auto known = names_to_read(file.archive->names());
  std::vector<std::string> others;
  for (const std::string& tensor : file.archive->names()) {
    if (!holds(known, tensor)) {
      others.push_back(tensor);
    } else {
      members.push_back({tensor, JsonNode{reference(name, &tensor)}});
    }
  }
  if (members.empty()) {
    const bool zip = file.kind == TensorFileKind::npz;
    return tl::unexpected(
        Error{ErrorCode::value, name, "header byte 0",
              "tensors with names of a document: q and k, attention, scores, embeddings, W_q, …",
              others.empty() ? (zip ? "a zip archive without .npy entries" : "no tensors") : shown(others),
              others.empty() ? std::string(zip ? kPickleHint : "") : std::string(kDocumentHint)});
  }
  if (!others.empty()) {
    notes.push_back(
        {Note::Kind::inferred,
         {},
         fmt::format("{} other tensor(s) are not read: {}.", grouped(others.size()), shown(others))});
  }
  return members;
}

std::string place_in_tensor_file(const TensorFile& file, const std::string& pointer) {
  if (!pointer.starts_with('/')) return pointer;
  if (file.kind == TensorFileKind::npy) {
    const auto array = file.archive->find({});
    return array ? array->shape_place : "header byte 0";
  }
  const std::string name = pointer.substr(1, pointer.find('/', 1) - 1);
  const auto& names = file.archive->names();
  return holds(names, name) ? tensor_place(name) : "header byte 0";
}

}  // namespace attn
