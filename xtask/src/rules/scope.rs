//! Which rules this version carries out.

/// Ids and runs of ids, both ends included.
const SCOPE: &str = "\
    R1-R4 R6-R18 R21-R43 R45-R50 R52-R57 R59-R87 R89-R116 R118 R120-R124 \
    X1-X7 X9 X11-X17 X20-X26 X29 X30 X35-X44";

/// Every rule in scope, in the order of the specification.
pub fn ids() -> Vec<String> {
    SCOPE.split_whitespace().flat_map(run).collect()
}

fn run(words: &str) -> Vec<String> {
    let (first, last) = words.split_once('-').unwrap_or((words, words));
    let (kind, from) = first.split_at(1);
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    (number(from)..=number(&last[1..]))
        .map(|number| format!("{kind}{number}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_holds_both_its_ends() {
        assert_eq!(run("R121-R124"), ["R121", "R122", "R123", "R124"]);
        assert_eq!(run("X9"), ["X9"]);
        let all = ids();
        assert!(all.contains(&"R87".to_owned()) && !all.contains(&"R88".to_owned()));
        assert!(all.iter().all(|id| id != "R0" && id != "X0"));
    }
}
