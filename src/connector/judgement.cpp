#include "connector/proofs.hpp"

#include <algorithm>

namespace pgtool {

Judgement conclude(std::vector<Proof> proofs) {
  const auto failed = std::find_if(proofs.begin(), proofs.end(),
                                   [](const Proof& proof) { return proof.holds == false; });
  Judgement judgement;
  judgement.holds = failed == proofs.end();
  judgement.reason = judgement.holds ? "" : failed->observed;
  judgement.proofs = std::move(proofs);
  return judgement;
}

} // namespace pgtool
