//! The list of rules that have no scenarios yet: lines that start with `#` are words,
//! every other word is a rule's id.

use std::fmt;

use anyhow::{Result, bail};

/// The list, with the words at its head.
pub struct Missing {
    head: Vec<String>,
    ids: Vec<String>,
}

impl Missing {
    /// Reads the list.
    ///
    /// # Errors
    /// If an id stands there twice.
    pub fn read(text: &str) -> Result<Missing> {
        let (head, rest): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with('#'));
        let mut ids: Vec<String> = Vec::new();
        for id in rest.iter().flat_map(|line| line.split_whitespace()) {
            if ids.iter().any(|known| known == id) {
                bail!("{id} is listed twice as missing");
            }
            ids.push(id.to_owned());
        }
        Ok(Missing {
            head: head.into_iter().map(str::to_owned).collect(),
            ids,
        })
    }

    /// The ids, in the order of the list.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The list without some of its ids.
    pub fn without(&self, gone: impl Fn(&str) -> bool) -> Missing {
        let ids = self.ids.iter().filter(|id| !gone(id)).cloned().collect();
        Missing {
            head: self.head.clone(),
            ids,
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head
            .iter()
            .chain(&self.ids)
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn the_list_is_written_as_it_was_read() {
        let text = "# words\nR1\nR2\n";
        assert_eq!(Missing::read(text).unwrap().to_string(), text);
        assert_eq!(
            Missing::read(text)
                .unwrap()
                .without(|id| id == "R1")
                .to_string(),
            "# words\nR2\n"
        );
    }

    #[test]
    fn an_id_stands_there_once() {
        assert!(Missing::read("R1\nR1\n").is_err());
    }
}
