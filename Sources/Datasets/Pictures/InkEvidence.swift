import Formats
import Support

/// Whether the pictures of a set are of dark ink on light paper.
enum InkEvidence {
  /// The pictures that are looked at, evenly spread over the set.
  private static let count = 512

  /// Compares the border of pictures with what is within: where at least two of three that differ
  /// have the brighter border, ink is dark. The training part decides for all parts, whether it
  /// is read or not; a picture that cannot be read says nothing.
  static func isDark(_ folders: ClassFolders, size: ImageSize) throws -> Bool {
    let tree = try FolderTree(folders.place)
    let files = folders.files(tree)
    let step = max(1, files.count / count)
    var (bright, dark) = (0, 0)
    for index in stride(from: 0, to: files.count, by: step) {
      let file = files[index].file
      guard tree.size(of: file) < 1 << 26, let bytes = try? tree.bytes(of: file),
        let picture = try? PictureFormat.decode(bytes, path: file)
      else { continue }
      let fitted = picture.fitted(height: size.height, width: size.width)
      let (border, inside) = means(fitted)
      if border > inside { dark += 1 } else if border < inside { bright += 1 }
    }
    return dark > 0 && dark >= 2 * bright
  }

  /// The mean of the outermost pixels, and that of the others, in 256ths of a grey level.
  private static func means(_ picture: GrayPicture) -> (border: Int, inside: Int) {
    var (border, borderCount, inside, insideCount) = (0, 0, 0, 0)
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let pixel = Int(picture.pixels[row * picture.width + column])
        let isBorder =
          row == 0 || row == picture.height - 1 || column == 0 || column == picture.width - 1
        if isBorder {
          (border, borderCount) = (border + pixel, borderCount + 1)
        } else {
          (inside, insideCount) = (inside + pixel, insideCount + 1)
        }
      }
    }
    return (256 * border / max(1, borderCount), 256 * inside / max(1, insideCount))
  }
}
