/// Images that are the same, pixel for pixel, within parts of a data set and between them.
public struct Duplicates: Equatable, Sendable {
  /// For each part the images that equal an earlier one of it.
  public private(set) var within: [Int]
  /// The images of later parts that equal one of the first.
  public private(set) var shared = 0
  /// The images that equal an earlier one, of any part, but have another label.
  public private(set) var contradicting = 0

  /// Counts over all images of the parts, which are of one size.
  ///
  /// Images with equal hashes are compared byte by byte. Takes about 20 bytes an image.
  public init(in parts: [Selection]) {
    within = [Int](repeating: 0, count: parts.count)
    var images = parts.enumerated().flatMap { part, selection in
      selection.indices.map { Image(hash: Self.hash(of: $0, in: selection.images), part, $0) }
    }
    images.sort { ($0.hash, $0.part, $0.index) < ($1.hash, $1.part, $1.index) }
    var first = 0
    while first < images.count {
      let end = images[first...].firstIndex { $0.hash != images[first].hash } ?? images.count
      if end - first > 1 { count(images[first..<end], parts) }
      first = end
    }
  }

  private struct Image {
    let hash: UInt64
    let part: Int32
    let index: Int32

    init(hash: UInt64, _ part: Int, _ index: Int32) {
      self.hash = hash
      self.part = Int32(part)
      self.index = index
    }
  }

  /// Counts images of one hash, in the order of their parts.
  private mutating func count(_ images: ArraySlice<Image>, _ parts: [Selection]) {
    // Of each different picture the first image, and whether each part has had it.
    var pictures: [(first: Image, isIn: [Bool])] = []
    for image in images {
      let part = Int(image.part)
      guard let known = pictures.firstIndex(where: { Self.areEqual($0.first, image, parts) }) else {
        pictures.append((image, parts.indices.map { $0 == part }))
        continue
      }
      if pictures[known].isIn[part] { within[part] += 1 }
      if part > 0, pictures[known].isIn[0] { shared += 1 }
      pictures[known].isIn[part] = true
      let first = pictures[known].first
      let labels = [first, image].map { parts[Int($0.part)].images.labels[Int($0.index)] }
      if labels[0] != labels[1] { contradicting += 1 }
    }
  }

  private static func areEqual(_ a: Image, _ b: Image, _ parts: [Selection]) -> Bool {
    let (first, second) = (parts[Int(a.part)].images, parts[Int(b.part)].images)
    guard first.imageSize == second.imageSize else { return false }
    let size = first.imageSize
    return first.pixels[Int(a.index) * size..<(Int(a.index) + 1) * size]
      .elementsEqual(second.pixels[Int(b.index) * size..<(Int(b.index) + 1) * size])
  }

  /// Mixes eight pixels at a time (the finalizer of Steele, Lea and Flood, "Fast splittable
  /// pseudorandom number generators", 2014).
  private static func hash(of index: Int32, in images: ImageSet) -> UInt64 {
    let size = images.imageSize
    let pixels = images.pixels.span
    var hash = UInt64(size)
    var place = Int(index) * size
    let end = place + size
    while place < end {
      var word: UInt64 = 0
      if place + 8 <= end {
        // Any bytes are a number, and that they are there is checked.
        word = unsafe pixels.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
          .littleEndian
      } else {
        for offset in place..<end { word = word << 8 | UInt64(pixels[offset]) }
      }
      hash = (hash ^ word) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 31
      hash = hash &* 0x94D0_49BB_1331_11EB
      hash ^= hash >> 29
      place += 8
    }
    return hash
  }
}
