//! The lints and the build in one: what is built for the tests is read by clippy on the way, so that nothing is
//! compiled twice, once to be read and once to be run. On two cores that is minutes.

/// What cargo calls in the place of the compiler for the workspace's own crates, and for no others.
pub const VARIABLE: &str = "RUSTC_WORKSPACE_WRAPPER";

/// The compiler with clippy's lints in it.
pub const DRIVER: &str = "clippy-driver";

/// The crates that were warned about, as cargo sums them up; it says so again where nothing was built anew.
pub fn warned(lines: &[String]) -> Option<String> {
    let sum = |line: &&String| {
        line.starts_with("warning: `") && line.contains("` (") && line.contains(" generated ")
    };
    let sums: Vec<&str> = lines
        .iter()
        .filter(sum)
        .map(|line| &line["warning: ".len()..])
        .collect();
    (!sums.is_empty()).then(|| sums.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_of_ours_is_a_failure_and_one_of_cargos_is_none() {
        let said = [
            "   Compiling henhouse v0.1.0",
            "warning: unused variable: `x`",
            "warning: `henhouse` (lib test) generated 1 warning",
            "    Finished `dev` profile",
        ];
        let lines = said.map(str::to_owned);
        let expected = "`henhouse` (lib test) generated 1 warning";
        assert_eq!(warned(&lines).as_deref(), Some(expected));
        let later = "warning: the following packages contain code that will be rejected by a future version of Rust: nom";
        assert_eq!(warned(&[later.to_owned(), lines[3].clone()]), None);
    }
}
