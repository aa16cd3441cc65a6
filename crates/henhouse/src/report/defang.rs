//! Links in what strangers wrote, made so that no program makes them live and no thumb opens them: in a
//! mail a phishing address would else be one tap away (R110). What they said can still be read.

/// The text with its links broken: `hxxps://evil[.]example/login`.
#[must_use]
pub fn defanged(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end_matches(char::is_whitespace);
        out.push_str(&broken(word));
        out.push_str(&part[word.len()..]);
    }
    out
}

/// A word, its link broken if it holds one. The address of a person stays as it is: they may be written to.
fn broken(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    if lower.contains("://") {
        return every_link_broken(word, &lower);
    }
    let hidden = ["javascript:", "data:", "vbscript:"];
    if let Some(name) = hidden.iter().find(|name| lower.contains(**name)) {
        return replaced(word, &lower, name, &name.replace(':', "[:]"));
    }
    let named = lower.starts_with("www.") || lower.contains("(www.") || is_place(word);
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    if named && !host.contains('@') {
        return host_broken(word, 0);
    }
    word.to_owned()
}

/// A word with links in it that name their schemes, each of them broken: one may stand behind another, or within it.
fn every_link_broken(word: &str, lower: &str) -> String {
    let begins = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let mut links = Vec::new();
    let mut from = 0;
    for (at, _) in lower.match_indices("://") {
        let name = &lower[from..at];
        let scheme = name.rfind(begins).map_or(0, |before| {
            before + name[before..].chars().next().map_or(1, char::len_utf8)
        });
        links.push((from + scheme, at));
        from = at + 3;
    }
    let first = links.first().map_or(word.len(), |(scheme, _)| *scheme);
    let mut out = broken(&word[..first]);
    let ends = links.iter().skip(1).map(|(scheme, _)| *scheme);
    for ((scheme, at), end) in links.iter().zip(ends.chain([word.len()])) {
        out.push_str(&dead(&word[*scheme..*at]));
        out.push_str(&host_broken(&word[*at..end], 3));
    }
    out.replace("www.", "www[.]").replace("WWW.", "WWW[.]")
}

/// A scheme that no program knows.
fn dead(scheme: &str) -> String {
    match scheme.to_ascii_lowercase().as_str() {
        "http" => "hxxp".to_owned(),
        "https" => "hxxps".to_owned(),
        other => format!("{}x", other.replace('.', "[.]")),
    }
}

/// The dots of the host, which begins after so many bytes, made no dots.
fn host_broken(link: &str, from: usize) -> String {
    let (before, rest) = link.split_at(from.min(link.len()));
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    format!("{before}{}{path}", host.replace('.', "[.]"))
}

/// A name with a dot in it and a path behind it, without a scheme: programs make links of these too.
fn is_place(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '<', '"', '\'', '[']);
    let Some((host, _)) = word.split_once('/') else {
        return false;
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && last.len() >= 2 && last.chars().all(char::is_alphabetic)
}

fn replaced(word: &str, lower: &str, name: &str, with: &str) -> String {
    match lower.find(name) {
        Some(at) => format!("{}{with}{}", &word[..at], &word[at + name.len()..]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::defanged;

    #[test]
    fn no_link_stays_live_and_the_words_stay_readable() {
        for (said, safe) in [
            (
                "see https://evil.example/a?b=c now",
                "see hxxps://evil[.]example/a?b=c now",
            ),
            ("HTTP://Evil.Example", "hxxp://Evil[.]Example"),
            ("(http://1.2.3.4:80/x)", "(hxxp://1[.]2[.]3[.]4:80/x)"),
            ("ftp://files.example/x", "ftpx://files[.]example/x"),
            ("www.evil.example", "www[.]evil[.]example"),
            ("evil.example/login", "evil[.]example/login"),
            ("<https://a.b/c>", "<hxxps://a[.]b/c>"),
            ("javascript:alert(1)", "javascript[:]alert(1)"),
            (
                "\u{201c}https://a.b\u{201d}",
                "\u{201c}hxxps://a[.]b\u{201d}",
            ),
            ("user:https://a.b", "user:hxxps://a[.]b"),
            (
                "https://a.b,https://evil.example/c",
                "hxxps://a[.]b,hxxps://evil[.]example/c",
            ),
            (
                "https://a/b?u=http://evil.example",
                "hxxps://a/b?u=hxxp://evil[.]example",
            ),
            (
                "www.a.b,\u{201c}HTTPS://https://\u{e9}.example://",
                "www[.]a[.]b,\u{201c}hxxps://hxxps://\u{e9}[.]examplex://",
            ),
            (
                "https://a/b,www.evil.example",
                "hxxps://a/b,www[.]evil.example",
            ),
            (
                "www.evil.example/?u=ann@farm.example",
                "www[.]evil[.]example/?u=ann@farm.example",
            ),
            (
                "evil.example/?u=ann@farm.example",
                "evil[.]example/?u=ann@farm.example",
            ),
        ] {
            assert_eq!(defanged(said), safe);
        }
    }

    #[test]
    fn what_is_no_link_is_left_alone() {
        for said in [
            "",
            " \n\t",
            "ann@farm.example",
            "3.5 hours",
            "and/or",
            "1/2.",
            "e.g. this",
            "a.b",
            "HH-12: ok\n  two",
        ] {
            assert_eq!(defanged(said), said);
        }
    }
}
