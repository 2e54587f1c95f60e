/// Philox 4x32-10: a counter-based random number generator.
///
/// A block of four 32-bit numbers is a pure function of a 64-bit key and a 128-bit counter, so
/// that any number can be had without the ones before it, by any thread, in any order.
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
public struct Philox: Sendable {
  /// The two halves of the key.
  public let key: SIMD2<UInt32>

  /// A generator whose numbers depend on `key` and on nothing else.
  public init(key: UInt64) {
    self.key = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// The four numbers at `counter`.
  @inlinable
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for round in 0..<10 {
      if round > 0 { k &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let p0 = UInt64(c.x) &* 0xD251_1F53
      let p1 = UInt64(c.z) &* 0xCD9E_8D57
      c = SIMD4(
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: p0))
    }
    return c
  }
}

/// What a random number is for. Numbers for different purposes are independent of each other.
public enum RandomPurpose: UInt32, Sendable {
  case initialization = 1
  case shuffling = 2
  case dropout = 3
  case augmentation = 4
  case validationSplit = 5
  case sampling = 6
  case glyphs = 7
  case testing = 8
  case mixing = 9
  case folds = 10
  case search = 11
  case resampling = 12
  case nonCharacters = 13
  case perturbation = 14
}

/// A stream of random numbers, keyed by seed and purpose and addressed by two indices, such as
/// epoch and sample, or step and layer.
///
/// Streams with different addresses do not overlap within their first 2^32 blocks of 16 bytes.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let philox: Philox
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var used = 4

  /// The stream for `purpose` under `seed`, at the address `(major, minor)`.
  public init(seed: UInt64, purpose: RandomPurpose, major: Int = 0, minor: Int = 0) {
    philox = Philox(key: seed)
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: minor), UInt32(truncatingIfNeeded: major),
      purpose.rawValue | UInt32(truncatingIfNeeded: UInt64(truncatingIfNeeded: minor) >> 32) << 8)
  }

  /// The next 32 random bits.
  public mutating func bits() -> UInt32 {
    if used == 4 {
      block = philox.block(counter)
      counter.x &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  public mutating func next() -> UInt64 { UInt64(bits()) << 32 | UInt64(bits()) }

  /// A number from the uniform distribution on `0 ..< 1`, a multiple of 2^-24.
  public mutating func uniform() -> Float { Float(bits() >> 8) * 0x1p-24 }

  /// A number from the uniform distribution on `range`.
  public mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number from `0 ..< bound`, without bias (Lemire, "Fast random integer generation in
  /// an interval", 2019).
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0 && bound <= UInt32.max, "below(\(bound)): the bound is 1 to 2^32 - 1")
    let range = UInt32(bound)
    var product = UInt64(bits()) &* UInt64(range)
    if UInt32(truncatingIfNeeded: product) < range {
      let threshold = (0 &- range) % range
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(bits()) &* UInt64(range)
      }
    }
    return Int(product >> 32)
  }

  /// A number from the standard normal distribution (Box and Muller, 1958).
  public mutating func normal() -> Float {
    let radius = (-2 * logarithm(Double(bits() >> 8) * 0x1p-24 + 0x1p-25)).squareRoot()
    return Float(radius * cosine(2 * .pi * Double(uniform())))
  }

  /// Puts `items` into a random order (Fisher and Yates, as Durstenfeld wrote it, 1964).
  ///
  /// Inlinable, because unspecialized code allocates in every exchange.
  /// - Parameter count: of how many of the first items; `nil`: of all.
  @inlinable
  public mutating func shuffle<Element>(_ items: inout [Element], first count: Int? = nil) {
    var last = (count ?? items.count) - 1
    while last > 0 {
      items.swapAt(last, below(last + 1))
      last -= 1
    }
  }
}
