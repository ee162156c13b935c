#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "app/commands/arguments.hpp"
#include "app/state/figure_names.hpp"
#include "core/figure/figure_file.hpp"
#include "core/figure/figure_options.hpp"

namespace attn::app {

/// One document of a batch. Those that are small enough together stay in memory; the others are read again
/// when their turn comes.
struct BatchSource {
  std::string file;
  std::size_t index = 0;          ///< which one of the file
  std::uint64_t fingerprint = 0;  ///< of what was planned for
  std::shared_ptr<const Document> document;
};

/// One figure of a batch.
struct BatchFigure {
  std::size_t source = 0;  ///< in Batch::sources
  std::size_t layer = 0;
  HeadChoice head;
  std::filesystem::path output;
};

/// All that one call of `export` writes, known before anything is written.
struct Batch {
  SettingsStack settings;
  FigureOptions options;
  FigureFormat format = FigureFormat::png;
  std::optional<Stage> stage;  ///< none: as the settings say
  bool names_differ = false;   ///< a name a figure, whose folders are made
  std::vector<BatchSource> sources;
  std::vector<BatchFigure> figures;  ///< by file, document, layer and head
  std::vector<Error> refused;        ///< documents that cannot be read, layers that cannot be drawn
};

/// Reads the documents and names the figures. Errors: usage, for what is wrong with the call itself: a name
/// that cannot be, two figures of one name.
[[nodiscard]] Result<Batch> plan_batch(const Arguments& arguments);

/// The document, read again where it was not kept. Errors: the reader's; io, where it has changed.
[[nodiscard]] Result<std::shared_ptr<const Document>> document_of(const BatchSource& source);

}  // namespace attn::app
