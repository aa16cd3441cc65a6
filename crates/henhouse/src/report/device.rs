//! A browser in words by which its owner recognises it.

use super::Language;

/// What a browser calls itself, as "Firefox on Linux" or "Firefox auf Linux".
#[must_use]
pub fn words(agent: &str, language: Language) -> String {
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |all: &[(&str, &'static str)]| {
        let mut all = all.iter();
        all.find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} {}", on(system, language)),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("{} {}", program(language), on(system, language)),
        (None, None) => {
            let named = agent.split([' ', '(']).next().unwrap_or_default();
            let named: String = named.chars().take(40).collect();
            match named.as_str() {
                "" | "unknown" => program(language).to_owned(),
                name => name.to_owned(),
            }
        }
    }
}

fn program(language: Language) -> &'static str {
    match language {
        Language::English => "A program",
        Language::German => "Ein Programm",
    }
}

fn on(system: &str, language: Language) -> String {
    match language {
        Language::English => format!("on {system}"),
        Language::German => match system.split_once(' ') {
            Some((_, device)) => format!("auf einem {device}"),
            None => format!("auf {system}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, words};

    #[test]
    fn browsers_are_recognised_behind_everything_they_claim_to_be() {
        for (agent, said) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile/15E Safari/604.1",
                "Safari on an iPhone",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            ("unknown", "A program"),
            ("", "A program"),
        ] {
            assert_eq!(words(agent, Language::English), said);
        }
    }

    #[test]
    fn a_german_reads_them_in_german() {
        for (agent, said) in [
            ("(X11; Linux x86_64) Firefox/140.0", "Firefox auf Linux"),
            ("(iPhone) Safari/604.1", "Safari auf einem iPhone"),
            ("(Macintosh; Intel Mac OS X)", "Ein Programm auf einem Mac"),
            ("", "Ein Programm"),
        ] {
            assert_eq!(words(agent, Language::German), said);
        }
    }
}
