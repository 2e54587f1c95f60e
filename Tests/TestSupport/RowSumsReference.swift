import Tensor

/// The sums of the rows of `[…, C]`, column by column.
public func rowSumsReference(_ x: Reference) -> Reference {
  var sums = Reference(zeros: [x.columns])
  for (index, value) in x.values.enumerated() { sums.add(value, at: index % x.columns) }
  return sums
}
