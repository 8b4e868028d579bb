#pragma once

namespace pgtool {

/// Seconds to wait after so many tries (from 1): `first`, doubled each time, at most a minute, and
/// a fifth more or less, so that several who wait do not come back together.
double back_off_seconds(double first, int tries);

} // namespace pgtool
