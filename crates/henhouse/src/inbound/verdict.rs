//! What the mail server in front found out about a sender (RFC 8601). It is shown, and turns no mail away; what was found to be
//! forged is only not taken for mail of somebody on the contact sheet.

/// What is shown of it.
const METHODS: [&str; 4] = ["spf", "dkim", "dmarc", "arc"];
/// So many of these headers are looked at.
pub const LIMIT: usize = 10;

/// What one server found, by method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    by: String,
    found: Vec<(&'static str, String)>,
}

impl Verdict {
    /// What this server says in the first of these headers that has its name; nothing where it says nothing. Whoever sends a
    /// mail can write such a header too: the server in front puts its own before them.
    #[must_use]
    pub fn of(headers: &[String], by: &str) -> Option<Self> {
        let said = headers.iter().find_map(|header| {
            let header = without_comments(header).to_ascii_lowercase();
            let (name, said) = header.split_once(';')?;
            let name = name.split_whitespace().next()?;
            name.eq_ignore_ascii_case(by).then(|| said.to_owned())
        })?;
        let found = said.split(';').filter_map(|one| {
            let (method, rest) = one.trim().split_once('=')?;
            let method = method.trim().split('/').next()?;
            let method = METHODS.into_iter().find(|known| *known == method)?;
            let result: String = rest
                .trim()
                .chars()
                .take_while(char::is_ascii_lowercase)
                .collect();
            (!result.is_empty()).then_some((method, result))
        });
        let found: Vec<_> = found.take(LIMIT).collect();
        let by = by.to_owned();
        (!found.is_empty()).then_some(Self { by, found })
    }

    /// Whether the domain that the mail names as its sender's says that it is not from there.
    #[must_use]
    pub fn is_forged(&self) -> bool {
        self.found
            .iter()
            .any(|(method, result)| *method == "dmarc" && result == "fail")
    }

    /// In a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let found = self.found.iter();
        let found =
            found.map(|(method, result)| format!("{} {result}", method.to_ascii_uppercase()));
        let found = found.collect::<Vec<_>>().join(", ");
        format!("What {} found out about the sender: {found}.", self.by)
    }
}

/// A header without what stands in brackets.
fn without_comments(header: &str) -> String {
    let mut depth = 0_usize;
    let outside = header.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0
    });
    outside.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[&str]) -> Option<Verdict> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        Verdict::of(&headers, "mx.farm.example")
    }

    #[test]
    fn what_the_server_in_front_says_is_shown_and_what_others_say_is_not() {
        let own = " MX.farm.example 1;\r\n spf=pass (x; dkim=fail) smtp.mailfrom=a.example;\r\n dkim=none; dmarc=Fail header.from=a.example; iprev=pass";
        let theirs = "mx.farm.example; dmarc=pass";
        let verdict = of(&["mx.evil.example; spf=pass", own, theirs]).unwrap_or_default();
        assert!(verdict.is_forged());
        let said =
            "What mx.farm.example found out about the sender: SPF pass, DKIM none, DMARC fail.";
        assert_eq!(verdict.words(), said);
        for nothing in [
            &[] as &[&str],
            &["mx.evil.example; dmarc=fail"],
            &["mx.farm.example; none"],
            &["((((", ";;=;"],
        ] {
            assert_eq!(of(nothing), None, "{nothing:?}");
        }
    }
}
