//! Evidence on the command line: files go in and come out as they are, portion by portion, and each is checked against
//! its hash.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::super::report::words;
use super::super::times::Here;
use super::Number;

/// Files are hashed in portions of so many bytes.
const PORTION: usize = 64 * 1024;

/// What sorts of evidence there are.
const KINDS: [&str; 10] = [
    "file",
    "log",
    "mail",
    "memory",
    "disk_snapshot",
    "database_dump",
    "screen_capture",
    "configuration",
    "reference",
    "other",
];

/// Keep files as evidence, list them, and get them back.
#[derive(Debug, Subcommand)]
pub enum Exhibit {
    /// Keep a file as evidence; it is hashed here and there, and never changes.
    Add {
        /// The number that people say, such as HH-142.
        number: String,
        /// The file.
        file: PathBuf,
        /// What it shows; the file's name, if nothing is said.
        #[arg(long)]
        label: Option<String>,
        /// What sort of evidence.
        #[arg(long, default_value = "file", value_parser = KINDS)]
        kind: String,
        /// Of which asset of the project it was taken.
        #[arg(long)]
        asset: Option<String>,
        /// Its media type.
        #[arg(long, default_value = "application/octet-stream")]
        media: String,
    },
    /// What is kept.
    List(Number),
    /// Get a file back, checked against its hash.
    Get {
        /// The number that people say, such as HH-142.
        number: String,
        /// Which, such as E-1.
        exhibit: String,
        /// Where to put it; a name of its own in this folder, if nothing is said. Nothing is overwritten.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

impl Exhibit {
    /// In which case.
    pub(super) fn number(&self) -> &String {
        match self {
            Self::Add { number, .. } | Self::Get { number, .. } => number,
            Self::List(number) => &number.number,
        }
    }

    /// Whether it does something to the case.
    pub(super) fn acts(&self) -> bool {
        matches!(self, Self::Add { .. })
    }

    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        match self {
            Self::Add {
                number,
                file,
                label,
                kind,
                asset,
                media,
            } => {
                let name = file
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                let said = [
                    ("label", label.or(name)),
                    ("kind", Some(kind)),
                    ("asset", asset),
                    ("as", asked.acting_as.clone()),
                ];
                add(asked, &number, &file, &said, &media).await
            }
            Self::List(number) => number.tell(asked, "", list).await,
            Self::Get {
                number,
                exhibit,
                out,
            } => get(asked, &number, &exhibit, out).await,
        }
    }
}

async fn add(
    asked: &Asked,
    number: &str,
    file: &Path,
    said: &[(&str, Option<String>)],
    media: &str,
) -> Outcome {
    let hash = hash_of(file).await?;
    let said = said
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encoded(value.as_deref()?))));
    let query: Vec<String> = said.collect();
    let path = format!("/api/v1/cases/{number}/exhibits?{}", query.join("&"));
    let bytes = tokio::fs::File::open(file)
        .await
        .map_err(|error| unread(file, &error))?;
    let answer = asked.client.upload(&path, media, bytes).await?;
    if answer["sha256"] != hash {
        return Err(Failure::Failed(format!(
            "{} changed while it was sent: what was kept as {} has the SHA-256 {}, the file had {hash}. Stop whatever \
             writes to it and add it again.",
            file.display(),
            words(&answer["exhibit"]),
            words(&answer["sha256"])
        )));
    }
    asked.print(&answer, |answer| {
        let before = match answer["kept_before"] == true {
            true => " The same bytes were kept in this case before.",
            false => "",
        };
        format!(
            "{} of {}: {} bytes, SHA-256 {hash}.{before}",
            words(&answer["exhibit"]),
            number.to_uppercase(),
            words(&answer["size"])
        )
    });
    Ok(())
}

async fn hash_of(file: &Path) -> Outcome<String> {
    let mut reading = tokio::fs::File::open(file)
        .await
        .map_err(|error| unread(file, &error))?;
    let (mut hasher, mut portion) = (Sha256::new(), vec![0; PORTION]);
    loop {
        match reading
            .read(&mut portion)
            .await
            .map_err(|error| unread(file, &error))?
        {
            0 => return Ok(hex(hasher)),
            n => hasher.update(&portion[..n]),
        }
    }
}

async fn get(asked: &Asked, number: &str, exhibit: &str, to: Option<PathBuf>) -> Outcome {
    let (number, exhibit) = (number.to_uppercase(), exhibit.to_uppercase());
    let to = to.unwrap_or_else(|| format!("{number}-{exhibit}.bin").into());
    let path = format!("/api/v1/cases/{number}/exhibits/{exhibit}");
    let response = asked.client.download(&path).await?;
    let tag = response.headers().get(reqwest::header::ETAG);
    let tag = tag.and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let wanted = tag.trim_matches('"').to_owned();
    let mut file = tokio::fs::File::create_new(&to)
        .await
        .map_err(|error| unwritten(&to, &error))?;
    let received = receive(response, &mut file, &to).await;
    let (size, hash) = match received {
        Ok((size, hash)) if hash == wanted => (size, hash),
        broken => {
            // Half a file, or another one, must not lie there as evidence.
            let _ = tokio::fs::remove_file(&to).await;
            broken?;
            return Err(Failure::Failed(format!(
                "What came is not what was kept: its SHA-256 is not {wanted}. Nothing was written; try again."
            )));
        }
    };
    let answer = serde_json::json!({
        "exhibit": exhibit, "sha256": hash, "size": size, "file": to.display().to_string(),
    });
    asked.print(&answer, |_| {
        format!(
            "{exhibit} of {number} is in {}: {size} bytes, SHA-256 {hash}, as kept.",
            to.display()
        )
    });
    Ok(())
}

async fn receive(
    mut response: reqwest::Response,
    file: &mut tokio::fs::File,
    to: &Path,
) -> Outcome<(u64, String)> {
    let (mut size, mut hasher) = (0_u64, Sha256::new());
    while let Some(portion) = response.chunk().await.map_err(Failure::failed)? {
        hasher.update(&portion);
        size += portion.len() as u64;
        file.write_all(&portion)
            .await
            .map_err(|error| unwritten(to, &error))?;
    }
    file.sync_all()
        .await
        .map_err(|error| unwritten(to, &error))?;
    Ok((size, hex(hasher)))
}

fn list(case: &Value) -> String {
    let here = Here::of(case);
    let all = case["exhibits"].as_array().cloned().unwrap_or_default();
    if all.is_empty() {
        return "No exhibits.".to_owned();
    }
    let line = |exhibit: &Value| {
        let what = match &exhibit["what"]["upload"] {
            Value::Object(upload) => {
                format!(
                    "{} bytes, SHA-256 {}",
                    words(&upload["size"]),
                    words(&upload["sha256"])
                )
            }
            _ => "kept elsewhere".to_owned(),
        };
        let erased = if exhibit["erased"] == true {
            ", erased"
        } else {
            ""
        };
        let [id, kind, label] = ["id", "kind", "label"].map(|name| words(&exhibit[name]));
        format!(
            "{id:5} {}  {kind}: {label}\n      {what}{erased}",
            here.say(&exhibit["at"])
        )
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn hex(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn unread(file: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", file.display()))
}

fn unwritten(file: &Path, error: &std::io::Error) -> Failure {
    let fix = match error.kind() {
        std::io::ErrorKind::AlreadyExists => " Choose another name with --out.",
        _ => "",
    };
    Failure::Usage(format!("{}: {error}.{fix}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use procedure::playbook::EvidenceKind;

    #[test]
    fn every_kind_is_one_of_the_procedures() {
        for kind in KINDS {
            let read = serde_json::from_value::<EvidenceKind>(kind.into());
            assert!(read.is_ok(), "{kind}");
        }
    }
}
