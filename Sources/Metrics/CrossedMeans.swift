/// What several trainings with different seeds came to on the same images: `values[seed][image]`,
/// such as 1 where a training got an image right.
public struct SeedGroup: Sendable {
  /// Of each training its mean over the images.
  public let means: [Double]
  /// Of each image its mean over the trainings.
  let imageMeans: [Double]
  /// Of what neither the training nor the image explains, with `(n − 1)(N − 1)` degrees of freedom.
  let residualVariance: Double

  public var count: Int { means.count }
  var imageCount: Int { imageMeans.count }

  /// - Parameter values: of at least one training, all on the same images, at least two.
  public init(_ values: [[Double]]) {
    let (seeds, images) = (values.count, values.first?.count ?? 0)
    precondition(seeds > 0 && images > 1, "SeedGroup: \(seeds) trainings on \(images) images")
    precondition(values.allSatisfy { $0.count == images }, "SeedGroup: unequal numbers of images")
    let means = values.map { $0.reduce(0, +) / Double(images) }
    var imageMeans = [Double](repeating: 0, count: images)
    for row in values {
      for (image, value) in row.enumerated() { imageMeans[image] += value / Double(seeds) }
    }
    let mean = means.reduce(0, +) / Double(seeds)
    var squares = 0.0
    for (row, rowMean) in zip(values, means) {
      for (image, value) in row.enumerated() {
        let rest = value - rowMean - imageMeans[image] + mean
        squares += rest * rest
      }
    }
    (self.means, self.imageMeans) = (means, imageMeans)
    residualVariance = seeds > 1 ? squares / Double((seeds - 1) * (images - 1)) : .nan
  }
}

/// A mean over seeds and images, or the difference of two of them, and what it may be with other
/// seeds on other images.
///
/// Seeds belong to one group, images are the same for all, so that every number is a sum of what its
/// group, its seed, its image (in this group) and chance add. The variance of the estimate is that of
/// the seeds' means plus that of the images' means, less what both of them count; each part is
/// estimated by the mean squares of an analysis of variance. The interval is Student's, with the
/// degrees of freedom of such a sum (F. E. Satterthwaite, "An Approximate Distribution of Estimates of
/// Variance Components", 1946). As for readers and cases in: N. A. Obuchowski and H. E. Rockette,
/// "Hypothesis testing of diagnostic accuracy for multiple readers and multiple tests", 1995; S. L.
/// Hillis, "A comparison of denominator degrees of freedom methods for multiple observer ROC
/// analysis", 2007.
public struct CrossedEstimate: Sendable {
  /// The mean, or the second mean less the first.
  public let value: Double
  public let standardError: Double
  public let degreesOfFreedom: Double
  /// The parts of the variance: of the seeds alone, and of the images alone.
  public let seedVariance: Double
  public let imageVariance: Double

  /// So many trainings a group needs before its spread over seeds says anything.
  public static let leastSeeds = 3

  /// The mean of a group of at least two trainings.
  public init(meanOf group: SeedGroup) { self.init([(1, group)]) }

  /// The mean of the second group less that of the first, of at least two trainings each.
  public init(from first: SeedGroup, to second: SeedGroup) {
    precondition(first.imageCount == second.imageCount, "CrossedEstimate: other images")
    self.init([(-1, first), (1, second)])
  }

  private init(_ groups: [(sign: Double, group: SeedGroup)]) {
    let images = Double(groups[0].group.imageCount)
    var combined = [Double](repeating: 0, count: groups[0].group.imageCount)
    for (sign, group) in groups {
      for (image, mean) in group.imageMeans.enumerated() { combined[image] += sign * mean }
    }
    let ofSeeds = groups.map { _, group in
      Part(Self.variance(group.means) / Double(group.count), degrees: Double(group.count - 1))
    }
    let ofImages = Part(Self.variance(combined) / images, degrees: images - 1)
    let common = groups.map { _, group in
      Part(
        group.residualVariance / (Double(group.count) * images),
        degrees: Double(group.count - 1) * (images - 1))
    }
    let seeds = ofSeeds.reduce(0) { $0 + $1.variance }
    let both = common.reduce(0) { $0 + $1.variance }
    // Where images add less than chance does they are taken to add nothing.
    let counts = ofImages.variance > both
    let variance = seeds + (counts ? ofImages.variance - both : 0)
    let parts = ofSeeds + (counts ? [ofImages] + common : [])
    value = groups.reduce(0) { $0 + $1.sign * $1.group.means.reduce(0, +) / Double($1.group.count) }
    standardError = variance.squareRoot()
    degreesOfFreedom = variance * variance / parts.reduce(0) { $0 + $1.share }
    seedVariance = max(0, seeds - both)
    imageVariance = max(0, ofImages.variance - both)
  }

  /// A mean square with its degrees of freedom.
  private struct Part {
    let variance: Double
    let degrees: Double

    init(_ variance: Double, degrees: Double) {
      (self.variance, self.degrees) = (variance, degrees)
    }

    var share: Double { variance * variance / degrees }
  }

  private static func variance(_ sample: [Double]) -> Double {
    let mean = sample.reduce(0, +) / Double(sample.count)
    return sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count - 1)
  }

  /// Half the width of the 95 % interval; 0 where nothing varies.
  public var margin95: Double {
    guard standardError > 0 else { return 0 }
    return StudentDistribution(degreesOfFreedom: degreesOfFreedom).bound(of: 0.95) * standardError
  }

  public var interval95: (lower: Double, upper: Double) { (value - margin95, value + margin95) }

  /// The probability of a value at least so far from 0 if the true one were 0.
  public var probability: Double {
    guard standardError > 0 else { return value == 0 ? 1 : 0 }
    return StudentDistribution(degreesOfFreedom: degreesOfFreedom)
      .probability(beyond: abs(value) / standardError)
  }
}
