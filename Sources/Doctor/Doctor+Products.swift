import Compute

extension Doctor {
  /// What float products of these sizes may be off by, against the sum of the terms' absolute values.
  static let largestError = 1e-5

  /// The library behind the products, its threads, and whether it multiplies right.
  func products() -> [Finding] { [library(), threads(), product()] }

  private func library() -> Finding {
    let found = "OpenBLAS \(blas.version), kernels for \(blas.core); own kernels for \(blas.isa)"
    let variable = "OPENBLAS_CORETYPE"
    let stated = source.environment[variable] ?? ""
    if blas.isCoreTooOld {
      return Finding(
        "blas", .warning, "\(found): older than this processor",
        advice: stated.isEmpty
          ? "install a newer OpenBLAS, built with DYNAMIC_ARCH (Debian and Ubuntu: libopenblas0-pthread)"
          : "unset \(variable), which chose them")
    }
    if !stated.isEmpty, blas.isa == "avx512", BLAS.isForAVX2(core: blas.core) {
      return Finding(
        "blas", .warning, "\(found): \(variable)=\(stated) chose kernels for AVX2, and this processor has AVX-512",
        advice: "unset \(variable), unless figures are to be those of another machine")
    }
    return Finding("blas", found)
  }

  private func threads() -> Finding {
    let variables = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]
    let stated = variables.compactMap { name in source.environment[name].map { "\(name)=\($0)" } }
    guard blas.threads == 1 else {
      return Finding(
        "blas threads", .warning, "OpenBLAS computes on \(blas.threads) threads, and bench runs fits side by side",
        advice: "set OPENBLAS_NUM_THREADS=1")
    }
    let effect = stated.isEmpty ? "" : "; \(stated.joined(separator: " ")) has no effect"
    return Finding("blas threads", "one, as bench sets it: fits and shards run side by side above it\(effect)")
  }

  private func product() -> Finding {
    guard blas.largestError <= Self.largestError else {
      return Finding(
        "product", .error, "a small matrix product differs from plain loops by \(blas.largestError) of its terms",
        advice: "do not trust figures of this machine: try OPENBLAS_CORETYPE=Haswell, another OpenBLAS, other memory")
    }
    return Finding("product", "a small matrix product is that of plain loops")
  }
}
