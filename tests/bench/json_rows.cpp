// Rows 12 and 13: a large document of nested numbers becomes tensors.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/document/read_document.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/random.hpp"

namespace attn::bench {
namespace {

using Sense = Target::Sense;
using Tensors = std::vector<std::vector<float>>;

constexpr double kMegabyte = 1e6;
constexpr std::size_t kHeads = 12, kWidth = 64;
constexpr const char* kKeys[] = {"q", "k", "v"};

// q, k and v as `json.dump(tensor.tolist())` writes float32: the shortest decimals of the double.
void write_document(const std::filesystem::path& file, std::size_t tokens) {
  support::Random random(3);
  std::ofstream stream(file, std::ios::binary);
  char number[32];
  stream << "{";
  for (const char* key : kKeys) {
    stream << (key == kKeys[0] ? "\"" : ", \"") << key << "\": [";
    for (std::size_t row = 0; row < kHeads * tokens; ++row) {
      const bool first_of_head = row % tokens == 0;
      stream << (row == 0 ? "[[" : first_of_head ? "]], [[" : "], [");
      for (std::size_t column = 0; column < kWidth; ++column) {
        const auto value = static_cast<double>(static_cast<float>(random.normal()));
        const char* end = std::to_chars(number, std::end(number), value).ptr;
        if (column > 0) stream << ", ";
        stream.write(number, end - number);
      }
    }
    stream << "]]]";
  }
  stream << "}";
}

std::string bytes_of(const std::filesystem::path& file) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

std::shared_ptr<const Document> read_ours(const std::filesystem::path& file) {
  auto document = read_document(file);
  if (!document) throw std::runtime_error(describe(document.error()));
  return std::make_shared<const Document>(std::move(*document));
}

void append_numbers(const nlohmann::json& node, std::vector<float>& values) {
  if (!node.is_array()) {
    values.push_back(node.get<float>());
    return;
  }
  for (const auto& item : node) append_numbers(item, values);
}

Tensors read_dom(const std::filesystem::path& file) {
  const auto document = nlohmann::json::parse(bytes_of(file));
  Tensors tensors;
  for (const char* key : kKeys) append_numbers(document.at(key), tensors.emplace_back());
  return tensors;
}

// Numbers go where the last key says.
struct NumberSink : nlohmann::json_sax<nlohmann::json> {
  Tensors tensors;

  bool number(double value) {
    tensors.back().push_back(static_cast<float>(value));
    return true;
  }
  bool null() override { return false; }
  bool boolean(bool) override { return false; }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool string(string_t&) override { return false; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool key(string_t&) override {
    tensors.emplace_back();
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }
};

Tensors read_sax(const std::filesystem::path& file) {
  NumberSink sink;
  if (!nlohmann::json::sax_parse(bytes_of(file), &sink)) throw std::runtime_error("nlohmann refuses it");
  return std::move(sink.tensors);
}

std::vector<float> joined(const Tensors& tensors) {
  std::vector<float> values;
  for (const auto& tensor : tensors) values.insert(values.end(), tensor.begin(), tensor.end());
  return values;
}

std::vector<float> numbers_of(const Document& document) {
  const auto& given = std::get<GivenQkv>(document.layers.front().origin);
  std::vector<float> values;
  for (const Tensor& tensor : {given.q, given.k, given.v.value()})
    values.insert(values.end(), tensor.values().begin(), tensor.values().end());
  return values;
}

Contestant contestant_of(const std::string& name, Tensors (*read)(const std::filesystem::path&),
                         const std::filesystem::path& file) {
  const auto tensors = std::make_shared<Tensors>();
  return {name, [=] { return thread_seconds_of([&] { *tensors = read(file); }); },
          [=] { return joined(*tensors); }};
}

// The document of both rows: 100 MB, or 10 in a quick run.
std::filesystem::path document_file(const Bench& bench) {
  const auto file = bench.folder / "nested.json";
  if (!std::filesystem::exists(file)) write_document(file, bench.options.quick ? 216 : 2160);
  return file;
}

std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    constexpr std::size_t kKilo = 1024;
    if (line.starts_with("VmHWM:")) return kKilo * std::stoull(line.substr(line.find_first_of("0123456789")));
  }
  return 0;
}

double megabytes_of_child(const Bench& bench, const char* reader, const std::filesystem::path& file) {
  const Spent spent = run_child(bench.options.self, {"--json-memory", reader, file.string()});
  return spent.exit_code == 0 ? std::stod(spent.output) / kMegabyte : 0;
}

}  // namespace

void run_json(const Bench& bench) {
  const auto file = document_file(bench);
  const auto document = std::make_shared<std::shared_ptr<const Document>>();
  const Contestant ours{"attnscope", [=] { return thread_seconds_of([&] { *document = read_ours(file); }); },
                        [=] { return numbers_of(**document); }};
  const auto numbers = numbers_of(*read_ours(file));
  const std::vector<double> reference(numbers.begin(), numbers.end());
  const double size = static_cast<double>(std::filesystem::file_size(file)) / kMegabyte;
  const std::string work = fmt::format("{:.0f} MB of JSON → tensors, 1 thread", size);
  compete(bench, {"12", work, Target{Sense::at_least, 6}, &reference}, ours,
          {contestant_of("nlohmann DOM", read_dom, file)});
  compete(bench, {"12", work, Target{Sense::at_least, 5}, &reference}, ours,
          {contestant_of("nlohmann SAX", read_sax, file)});
}

void run_json_memory(const Bench& bench) {
  const auto file = document_file(bench);
  const double text = static_cast<double>(std::filesystem::file_size(file)) / kMegabyte;
  const std::size_t numbers = numbers_of(*read_ours(file)).size();
  const double needed = text + static_cast<double>(numbers * sizeof(float)) / kMegabyte;
  const double ours = megabytes_of_child(bench, "ours", file);
  const double theirs = megabytes_of_child(bench, "nlohmann", file);
  if (ours == 0 || theirs == 0) return bench.skip({"13", "a reader ended too early"});
  const double share = ours / needed;
  bench.add({"13",
             fmt::format("{:.0f} MB of JSON: peak memory over file + floats", text),
             "file + floats",
             ours,
             needed,
             "MB",
             {share, share, share},
             1,
             Target{Sense::at_most, 1.7},
             {}});
  const double of_dom = ours / theirs;
  bench.add({"13",
             fmt::format("{:.0f} MB of JSON: peak memory", text),
             "nlohmann DOM",
             ours,
             theirs,
             "MB",
             {of_dom, of_dom, of_dom},
             1,
             {},
             fmt::format("nlohmann: {:.2f} × (file + floats)", theirs / needed)});
}

int print_json_memory(std::string_view reader, const std::filesystem::path& file) {
  const bool ok = reader == "ours" ? read_ours(file) != nullptr : !read_dom(file).empty();
  fmt::print("{}\n", peak_memory());
  return ok ? 0 : 1;
}

}  // namespace attn::bench
