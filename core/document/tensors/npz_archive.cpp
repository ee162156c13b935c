#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zip.h>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensors/npy_header.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {
namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr std::size_t kSkipBytes = 64 * 1024;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::shared_ptr<zip_t>;

Error broken(const std::string& file, const std::string& place, const char* words) {
  return {ErrorCode::syntax, file, place, "a zip archive that is whole", words, {}};
}

// An entry's bytes, unpacked on the way.
class EntryBytes : public ByteSource {
 public:
  EntryBytes(std::shared_ptr<const RegularFile> file, Archive archive, zip_file_t* entry,
             const zip_stat_t& stat, std::string place)
      : file_(std::move(file)),
        archive_(std::move(archive)),
        entry_(entry),
        size_(stat.size),
        stored_(stat.comp_method == ZIP_CM_STORE),
        place_(std::move(place)) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] bool seekable() const override { return stored_; }

  [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (stored_ && offset != at_) {
      if (zip_fseek(entry_.get(), static_cast<zip_int64_t>(offset), SEEK_SET) != 0) {
        return tl::unexpected(broken(file_->name(), place_, reason()));
      }
      at_ = offset;
    }
    std::array<std::byte, kSkipBytes> skipped;
    while (at_ < offset) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(offset - at_, kSkipBytes));
      if (auto read = next(std::span(skipped).first(step)); !read) return read;
    }
    return next(into);
  }

  // The library compares the checksum when it meets the end.
  [[nodiscard]] Result<void> finish() override {
    std::byte behind{};
    if (at_ == size_ && zip_fread(entry_.get(), &behind, 1) != 0) {
      return tl::unexpected(broken(file_->name(), place_, reason()));
    }
    return file_->check_unchanged();
  }

 private:
  [[nodiscard]] const char* reason() const {
    const char* words = zip_file_strerror(entry_.get());
    return zip_error_code_zip(zip_file_get_error(entry_.get())) == ZIP_ER_OK ? "a part of it" : words;
  }

  Result<void> next(std::span<std::byte> into) {
    while (!into.empty()) {
      const zip_int64_t got = zip_fread(entry_.get(), into.data(), into.size());
      if (got <= 0) return tl::unexpected(broken(file_->name(), place_, reason()));
      at_ += static_cast<std::uint64_t>(got);
      into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

  std::shared_ptr<const RegularFile> file_;
  Archive archive_;  // outlives the entry
  std::unique_ptr<zip_file_t, CloseEntry> entry_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  bool stored_;  // as it is, not deflated
  std::string place_;
};

class Npz : public TensorArchive {
 public:
  // Entries that end in .npy are arrays; whatever else there is does no harm. Names are never paths here.
  Npz(std::shared_ptr<const RegularFile> file, Archive archive)
      : file_(std::move(file)), archive_(std::move(archive)) {
    const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const auto index = static_cast<zip_uint64_t>(i);
      const char* raw = zip_get_name(archive_.get(), index, ZIP_FL_ENC_RAW);
      std::string name = raw == nullptr ? "" : raw;
      if (!name.ends_with(kSuffix)) continue;
      name.resize(name.size() - kSuffix.size());
      if (!index_.emplace(name, index).second) {
        repeated_.push_back(std::move(name));
      } else {
        names_.push_back(std::move(name));
      }
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  [[nodiscard]] Result<StoredArray> find(const std::string& name) override {
    const std::string place = tensor_place(name);
    if (std::find(repeated_.begin(), repeated_.end(), name) != repeated_.end()) {
      return refuse(ErrorCode::duplicate, place, "each name once", "it twice");
    }
    const zip_uint64_t index = index_.at(name);
    zip_stat_t stat{};
    if (zip_stat_index(archive_.get(), index, 0, &stat) != 0) {
      return tl::unexpected(broken(file_->name(), place, zip_strerror(archive_.get())));
    }
    if (auto readable = check(stat, place); !readable) return tl::unexpected(std::move(readable.error()));
    zip_file_t* entry = zip_fopen_index(archive_.get(), index, 0);
    if (entry == nullptr) return tl::unexpected(broken(file_->name(), place, zip_strerror(archive_.get())));
    auto array = read_npy_header(std::make_shared<EntryBytes>(file_, archive_, entry, stat, place), place);
    if (!array) return tl::unexpected(in_file(std::move(array.error()), file_->name()));
    return array;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(ErrorCode code, std::string place, std::string expected,
                                             std::string found, std::string hint = {}) const {
    return tl::unexpected(
        Error{code, file_->name(), std::move(place), std::move(expected), std::move(found), std::move(hint)});
  }

  // Whether an entry is stored or deflated, not encrypted, and no bomb.
  [[nodiscard]] Result<void> check(const zip_stat_t& stat, const std::string& place) const {
    constexpr zip_uint64_t kWanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if ((stat.valid & kWanted) != kWanted) {
      return tl::unexpected(broken(file_->name(), place, "an entry without a size"));
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
      return refuse(ErrorCode::unsupported, place, "an entry that anyone may read", "an encrypted one");
    }
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
      return refuse(ErrorCode::unsupported, place, "an entry that is stored or deflated",
                    fmt::format("compression method {}", stat.comp_method));
    }
    const bool tight =
        stat.size > limits::kUnpackedFreely && stat.size / limits::kPackedRatio > stat.comp_size;
    if (stat.comp_size > file_->size() || tight) {
      return refuse(ErrorCode::limit, place,
                    fmt::format("an entry that unpacks to at most {} times its size",
                                grouped(static_cast<std::size_t>(limits::kPackedRatio))),
                    fmt::format("{} bytes out of {}", grouped(stat.size), grouped(stat.comp_size)),
                    "numpy.savez stores arrays as they are.");
    }
    return {};
  }

  std::shared_ptr<const RegularFile> file_;
  Archive archive_;
  std::vector<std::string> names_;
  std::vector<std::string> repeated_;
  std::unordered_map<std::string, zip_uint64_t> index_;
};

}  // namespace

Result<std::unique_ptr<TensorArchive>> open_npz(std::shared_ptr<const RegularFile> file) {
  const std::string& name = file->name();
  // The library owns what it is given, so it gets a copy of the descriptor.
  const int copy = ::fcntl(file->descriptor(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) {
    return tl::unexpected(
        Error{ErrorCode::io, name, {}, "a file that can be read", system_reason(errno), {}});
  }
  ::lseek(copy, 0, SEEK_SET);
  int code = 0;
  Archive archive(zip_fdopen(copy, 0, &code), CloseArchive());
  if (!archive) {
    ::close(copy);
    zip_error_t problem;
    zip_error_init_with_code(&problem, code);
    Error error = broken(name, "header byte 0", zip_error_strerror(&problem));
    zip_error_fini(&problem);
    return tl::unexpected(std::move(error));
  }
  const auto entries =
      static_cast<std::size_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive.get(), 0)));
  if (entries > limits::kTensorsInFile) {
    return tl::unexpected(Error{ErrorCode::limit,
                                name,
                                "header byte 0",
                                fmt::format("at most {} entries", grouped(limits::kTensorsInFile)),
                                grouped(entries),
                                {}});
  }
  return std::make_unique<Npz>(std::move(file), std::move(archive));
}

Result<std::unique_ptr<TensorArchive>> open_archive(std::shared_ptr<const RegularFile> file,
                                                    TensorFileKind kind) {
  switch (kind) {
    case TensorFileKind::npy:
      return open_npy(std::move(file));
    case TensorFileKind::npz:
      return open_npz(std::move(file));
    case TensorFileKind::safetensors:
      return open_safetensors(std::move(file));
  }
  return tl::unexpected(Error{ErrorCode::unsupported, file->name(), {}, "a tensor file", "another", {}});
}

}  // namespace attn
