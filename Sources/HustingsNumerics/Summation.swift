/// The sum of `values`, carried in two doubles, so that the result hardly depends on their order.
///
/// Neumaier's improvement of Kahan's summation ("Rundungsfehleranalyse einiger Verfahren zur Summation
/// endlicher Summen", ZAMM 54, 1974): the error is of the order of one rounding of the result.
@inlinable
public func sum(_ values: some Sequence<Double>) -> Double {
  var total = 0.0
  var lost = 0.0
  for value in values {
    let next = total + value
    lost += abs(total) >= abs(value) ? (total - next) + value : (value - next) + total
    total = next
  }
  // After an overflow `lost` is not a number, and the plain total says more.
  return total.isFinite ? total + lost : total
}
