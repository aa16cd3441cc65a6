//! Fields as browsers send them (`a=1&b=two+words`): of forms and of addresses. Bytes that are no
//! UTF-8 are named by their field.

use super::json;
use super::problem::Problem;

/// No page of ours has more fields; each costs more than its bytes.
pub const MOST: usize = 4_000;

/// 413: a form that is none of ours.
#[must_use]
pub fn too_many() -> Problem {
    let most = format!(
        "The form has more than {MOST} fields; send fewer at once. Nothing of it was kept."
    );
    Problem::new("too-large", most)
}

/// Fields in the order they came; a name may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads fields.
    ///
    /// # Errors
    /// 422 naming the field whose bytes are no UTF-8.
    pub fn parse(encoded: &[u8]) -> Result<Self, Problem> {
        let pairs = encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        if pairs.clone().count() > MOST {
            return Err(too_many());
        }
        pairs.map(pair).collect::<Result<_, _>>().map(Self)
    }

    /// Reads the fields that can be read, and leaves the others alone: a page is shown to whoever
    /// has its link, whatever a mail scanner or a tracker has added to it.
    #[must_use]
    pub fn readable(encoded: &[u8]) -> Self {
        let pairs = encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        Self(
            pairs
                .take(MOST)
                .filter_map(|bytes| pair(bytes).ok())
                .filter(|(name, value)| !name.contains('\0') && !value.contains('\0'))
                .collect(),
        )
    }

    /// Refuses the character NUL, where none of the fields is a free text: see [`json::NO_NUL`].
    ///
    /// # Errors
    /// 422 naming the field.
    pub fn without_nul(self) -> Result<Self, Problem> {
        let holds = |text: &str| text.contains('\0');
        let mut pairs = self.0.iter();
        match pairs.find(|(name, value)| holds(name) || holds(value)) {
            Some((name, _)) => Err(Problem::field(name, json::NO_NUL)),
            None => Ok(self),
        }
    }

    /// All of them, as they came.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Adds a field.
    pub fn push(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// The first value of that name that is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self
            .0
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty());
        found.next().map(|(_, value)| value.as_str())
    }

    /// Every value of that name that is not empty; commas part several in one.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        let of_name = self.0.iter().filter(|(key, _)| key == name);
        let parts = of_name.flat_map(|(_, value)| value.split(','));
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The value of that name in its own type.
    ///
    /// # Errors
    /// 422 naming the field, with what would do.
    pub fn parsed<T: std::str::FromStr>(
        &self,
        name: &str,
        fix: &str,
    ) -> Result<Option<T>, Problem> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value
            .parse()
            .map(Some)
            .map_err(|_| Problem::field(name, fix))
    }

    /// The fields with one of them replaced, encoded again.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(key, _)| key != name);
        let others = others.map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs = others.chain([(name, value)]);
        let encoded = pairs.map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
        encoded.collect::<Vec<_>>().join("&")
    }

    /// Refuses names that are not among these.
    ///
    /// # Errors
    /// 422 naming the field.
    pub fn only(&self, names: &[&str]) -> Result<(), Problem> {
        let stranger = self
            .0
            .iter()
            .find(|(key, _)| !names.contains(&key.as_str()));
        stranger.map_or(Ok(()), |(key, _)| {
            let known = names.join(", ");
            Err(Problem::field(
                key,
                format!("Unknown here; use one of: {known}."),
            ))
        })
    }
}

/// Text as it may stand in an address.
#[must_use]
pub fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn pair(bytes: &[u8]) -> Result<(String, String), Problem> {
    let cut = bytes
        .iter()
        .position(|byte| *byte == b'=')
        .unwrap_or(bytes.len());
    let name = String::from_utf8_lossy(&decoded(&bytes[..cut])).into_owned();
    let value = decoded(bytes.get(cut + 1..).unwrap_or_default());
    match String::from_utf8(value) {
        Ok(value) => Ok((name, value)),
        Err(_) => {
            let detail = format!("{name} is not UTF-8; send the text as UTF-8.");
            Err(Problem::field(name, detail))
        }
    }
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        out.push(match first {
            b'+' => b' ',
            b'%' => match hex(tail) {
                Some(byte) => {
                    rest = &tail[2..];
                    byte
                }
                None => b'%',
            },
            byte => *byte,
        });
    }
    out
}

fn hex(tail: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let fields =
            Fields::parse(b"text=H%C3%BChner+weg%21&a=%zz&status=x,y&status=z&empty=&%").unwrap();
        assert_eq!(fields.get("text"), Some("Hühner weg!"));
        assert_eq!(fields.get("a"), Some("%zz"));
        assert_eq!(fields.get("empty"), None);
        assert_eq!(fields.all("status"), ["x", "y", "z"]);
    }

    #[test]
    fn a_page_reads_what_it_can() {
        let fields = Fields::readable(b"x=%ff&said=add&utm_source=mail");
        assert_eq!((fields.get("said"), fields.get("x")), (Some("add"), None));
    }

    #[test]
    fn what_is_no_utf8_is_named() {
        let problem = Fields::parse(b"a=b&text=%ff").err().unwrap();
        assert_eq!(
            (problem.status, problem.field.as_deref()),
            (422, Some("text"))
        );
    }

    #[test]
    fn a_nul_is_named_or_left_alone() {
        let problem = Fields::parse(b"a=b&client=x%00").unwrap().without_nul();
        let problem = problem.err().unwrap();
        assert_eq!(
            (problem.status, problem.field.as_deref()),
            (422, Some("client"))
        );
        assert_eq!(Fields::readable(b"a=b&c=%00"), Fields::readable(b"a=b"));
    }

    #[test]
    fn a_stranger_is_named() {
        let fields = Fields::parse(b"stauts=open").unwrap();
        let problem = fields.only(&["status"]).err().unwrap();
        assert_eq!(problem.field.as_deref(), Some("stauts"));
    }
}
