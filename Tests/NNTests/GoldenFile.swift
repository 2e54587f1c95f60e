import Foundation

/// The file of numbers made by the script of the same name in `Scripts/golden`.
func goldenPath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/\(name).json").path
}

/// Its content.
func goldenFile<Content: Decodable>(_ name: String, as: Content.Type = Content.self) throws
  -> Content
{
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(
    Content.self, from: Data(contentsOf: URL(fileURLWithPath: goldenPath(name))))
}
