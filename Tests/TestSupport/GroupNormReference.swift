import Tensor

/// Group normalization of `[N, …, C]`, from its definition: for each item and group
/// `y = γ (x − mean) / √(variance + ε) + β`.
public func groupNormReference(
  _ x: Reference, groups: Int, gamma: Reference, beta: Reference, epsilon: Double
) -> Reference {
  var y = Reference(zeros: x.shape)
  let (channels, size) = (x.columns, x.values.count / x.shape[0])
  for item in 0..<x.shape[0] {
    for group in 0..<groups {
      let members = (item * size..<(item + 1) * size).filter {
        $0 % channels / (channels / groups) == group
      }
      let mean = members.reduce(0) { $0 + x.values[$1] } / Double(members.count)
      let squares = members.reduce(0) { $0 + (x.values[$1] - mean) * (x.values[$1] - mean) }
      let deviation = (squares / Double(members.count) + epsilon).squareRoot()
      for index in members {
        let normalized = (x.values[index] - mean) / deviation
        y.add(
          gamma.values[index % channels] * normalized + beta.values[index % channels], at: index)
      }
    }
  }
  return y
}
