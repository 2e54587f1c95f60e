import Support

extension Selection {
  /// What tells the images and labels, in their order, from any others: the SHA-256 of all pixels,
  /// row by row, and then of all labels as two bytes each, the lower first.
  public var digest: String {
    var digest = Digest(.sha256)
    let size = images.imageSize
    for run in runs {
      // A pixel is a byte.
      unsafe digest.update(
        images.pixels.span.bytes.extracting(run.lowerBound * size..<run.upperBound * size))
    }
    digest.update(
      indices.flatMap { index in
        let label = images.labels[Int(index)]
        return [UInt8(label & 0xFF), UInt8(label >> 8)]
      })
    return digest.hexadecimal
  }

  /// The positions in the set as text: `0-5,7,9-12`.
  public var rangesText: String {
    runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
      .joined(separator: ",")
  }

  /// Successive positions, joined where one follows the other.
  private var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in indices.map(Int.init) {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }
}
