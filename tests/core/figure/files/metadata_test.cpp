// What figures say of themselves, read back from whole, broken and foreign files.
#include "core/figure/files/metadata.hpp"

#include <gtest/gtest.h>

#include "core/figure/figure_file.hpp"
#include "core/figure/files/pdf_metadata.hpp"
#include "core/figure/files/png_chunks.hpp"

namespace attn {
namespace {

const std::string kName = "a figure.png";
const std::string kJson = R"({"document": "注意 (a) \\ <b> & \"c\" 🎉", "view": {"layer": 3}})";

// Small, so that a test can try every byte.
FigureContent content_with(const std::string& metadata) {
  FigureContent content;
  content.frames.emplace_back();
  content.frames.front().width = 6;
  content.frames.front().height = 5;
  content.frames.front().title = "/Keywords (no) <FEFF>";
  content.frames.front().items.emplace_back(RectItem{{1, 1, 3, 4}, rgb(0x0a64c8)});
  content.metadata = metadata;
  return content;
}

std::string file_of(FigureFormat format, const std::string& metadata) {
  TextRenderer text;
  return *figure_bytes(content_with(metadata), format, text, 1);
}

void expect_refused(const std::string& bytes, ErrorCode code, const std::string& what) {
  const auto read = read_figure_metadata(bytes, kName);
  ASSERT_FALSE(read) << what;
  EXPECT_EQ(read.error().code, code) << what << ": " << describe(read.error());
  EXPECT_EQ(read.error().file, kName) << what;
  EXPECT_FALSE(read.error().expected.empty() || read.error().found.empty()) << what;
}

TEST(FigureMetadata, IsReadBackFromEveryFormat) {
  for (const FigureFormatInfo& info : kFigureFormats) {
    for (const std::string& text :
         {kJson, std::string("{}"), "{\"a\":\"" + std::string(300'000, 'x') + "\"}"}) {
      const auto read = read_figure_metadata(file_of(info.format, text), kName);
      ASSERT_TRUE(read) << info.name << ": " << describe(read.error());
      EXPECT_EQ(*read, text) << info.name;
    }
  }
}

TEST(FigureMetadata, FiguresWithoutAreRefused) {
  for (const FigureFormatInfo& info : kFigureFormats)
    expect_refused(file_of(info.format, {}), ErrorCode::unsupported, std::string(info.name));
}

TEST(FigureMetadata, OtherFilesAreRefused) {
  for (const char* bytes : {"", "{}", "\x89PNG", "GIF89a", "<html></html>", "PK\3\4"})
    expect_refused(bytes, ErrorCode::unsupported, bytes);
  expect_refused("<?xml version=\"1.0\"?><html/>", ErrorCode::unsupported, "other XML");
  expect_refused("<svg><g><metadata id=\"attnscope\">{}</metadata></g></svg>", ErrorCode::unsupported,
                 "deep");
  expect_refused("<svg><metadata id=\"other\">{}</metadata></svg>", ErrorCode::unsupported, "another's");
  expect_refused("<svg><metadata id=\"attnscope\"></metadata></svg>", ErrorCode::unsupported, "empty");
}

TEST(FigureMetadata, DeepSvgFilesAreRefused) {
  std::string deep = "<svg>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  const auto read = read_figure_metadata(deep, "deep.svg");
  ASSERT_FALSE(read);
  EXPECT_NE(describe(read.error()).find("nested"), std::string::npos) << describe(read.error());
}

TEST(FigureMetadata, EveryCutIsNoticed) {
  for (const FigureFormatInfo& info : kFigureFormats) {
    const std::string bytes = file_of(info.format, kJson);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const auto read = read_figure_metadata(std::string_view(bytes).substr(0, length), kName);
      // Nothing is lost with the last line end.
      EXPECT_TRUE(!read || length + 1 == bytes.size()) << info.name << ' ' << length;
    }
  }
}

TEST(FigureMetadata, AnyChangedByteIsReadOrRefused) {
  for (const FigureFormatInfo& info : kFigureFormats) {
    const std::string bytes = file_of(info.format, kJson);
    const bool has_checksums = info.format == FigureFormat::png || info.format == FigureFormat::apng;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int flip : {0x01, 0x20, 0x80, 0xff}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ flip);
        const auto read = read_figure_metadata(changed, kName);
        EXPECT_FALSE(has_checksums && read) << info.name << ' ' << at;
        if (read) continue;
        EXPECT_EQ(read.error().file, kName);
        EXPECT_FALSE(read.error().expected.empty() || read.error().found.empty()) << info.name << ' ' << at;
      }
    }
  }
}

TEST(FigureMetadata, TwiceIsRefused) {
  const auto doubled = [](std::string bytes, const std::string& part) {
    const std::size_t at = bytes.find(part);
    EXPECT_NE(at, bytes.npos);
    return bytes.insert(at, part);
  };
  const std::string chunk = png_chunk("iTXt", std::string("attnscope\0\0\0\0\0", 14) + "{}");
  expect_refused(doubled(file_of(FigureFormat::png, "{}"), chunk), ErrorCode::duplicate, "PNG");
  expect_refused(doubled(file_of(FigureFormat::svg, "{}"), "<metadata id=\"attnscope\">{}</metadata>"),
                 ErrorCode::duplicate, "SVG");
  // In PDF the information comes behind all that the table has places of.
  expect_refused(doubled(file_of(FigureFormat::pdf, "{}"), "/Keywords (attnscope {})\n"), ErrorCode::syntax,
                 "PDF whose table has moved");
}

// A PDF file with nothing but its information.
std::string pdf_with(const std::string& information, std::size_t table_lie = 0) {
  std::string bytes = "%PDF-1.4\n";
  const std::size_t object = bytes.size();
  bytes += "1 0 obj\n<< " + information + " >>\nendobj\n";
  const std::size_t table = bytes.size() + table_lie;
  std::string offset = std::to_string(object);
  bytes += "xref\n0 2\n0000000000 65535 f \n" + std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
  return bytes + "trailer\n<< /Size 2 /Info 1 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

TEST(PdfMetadata, TextsAreReadAsTheFormatHasThem) {
  struct Row {
    const char *written, *read;
  };
  for (const auto& [written, read] : {
           Row{"/Keywords (attnscope {})", "{}"},
           Row{"/Trapped /False /Title (x) /Keywords(attnscope {})", "{}"},
           Row{R"(/Keywords (attnscope \(a\)\\\173\n(b)))", "(a)\\{\n(b)"},
           Row{"/Keywords <6174 746e73636f7065207b7d>", "{}"},
           Row{"/Keywords <FEFF006100740074006E00730063006F00700065002000E9>", "é"},
       }) {
    const auto found = read_figure_metadata(pdf_with(written), kName);
    ASSERT_TRUE(found) << written << ": " << describe(found.error());
    EXPECT_EQ(*found, read) << written;
  }
  for (const char* written : {"/Keywords (attnscope {}", "/Keywords", "/Keywords <4g>",
                              "Keywords (attnscope {})", "/Keywords <FEFFD800", "/Keywords /attnscope"})
    expect_refused(pdf_with(written), ErrorCode::syntax, written);
  expect_refused(pdf_with("/Keywords (attnscope {}) /Keywords (attnscope {})"), ErrorCode::duplicate,
                 "twice");
  expect_refused(pdf_with("/Keywords (attnscope \\377)"), ErrorCode::encoding, "not UTF-8");
  expect_refused(pdf_with("/Keywords (attention, heads)"), ErrorCode::unsupported, "another's");
  expect_refused(pdf_with("/Keywords (attnscope {})", 5), ErrorCode::unsupported, "no table in its place");
}

TEST(PngMetadata, LengthsAndTextsAreChecked) {
  const auto with = [](const std::string& chunks) {
    return std::string(kPngSignature) + png_chunk("IHDR", std::string(13, '\1')) + chunks +
           png_chunk("IEND", {});
  };
  const std::string start("attnscope\0\0\0\0\0", 14);
  EXPECT_EQ(*read_figure_metadata(with(png_chunk("iTXt", start + "{}")), kName), "{}");
  expect_refused(with(png_chunk("iTXt", std::string("attnscope\0\1\0\0\0", 14) + "{}")),
                 ErrorCode::unsupported, "compressed");
  expect_refused(with(png_chunk("iTXt", std::string("attnscope\0\0\0", 12))), ErrorCode::syntax, "no text");
  expect_refused(with(png_chunk("iTXt", start + "\xff")), ErrorCode::encoding, "not UTF-8");
  expect_refused(with(png_chunk("iTXt", start + std::string(kMaxMetadataBytes + 1, 'x'))), ErrorCode::limit,
                 "too long");
  expect_refused(with("\xff\xff\xff\xffiTXt"), ErrorCode::syntax, "a huge length");
  expect_refused(with(png_chunk("IHDR", {})), ErrorCode::syntax, "two headers");
  expect_refused(std::string(kPngSignature) + png_chunk("IEND", {}), ErrorCode::syntax, "no header");
}

}  // namespace
}  // namespace attn
