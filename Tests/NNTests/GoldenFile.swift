import Foundation

/// Numbers made by the script of the same name in `Scripts/golden`.
func goldenFile<Content: Decodable>(_ name: String, as: Content.Type = Content.self) throws
  -> Content
{
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/\(name).json")
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(Content.self, from: Data(contentsOf: path))
}
