//! A certificate for `localhost` from an authority that nobody else trusts, made anew by OpenSSL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of one self-made authority and its one server certificate.
pub struct Certificate {
    /// The authority's certificate (PEM): what a client must be told to trust.
    pub authority: PathBuf,
    /// The server's certificate (PEM).
    pub certificate: PathBuf,
    /// The server's key (PEM).
    pub key: PathBuf,
}

impl Certificate {
    /// Makes both in `folder`.
    ///
    /// # Panics
    /// With what to install when OpenSSL is missing.
    pub fn make(folder: &Path) -> Self {
        let file = |name: &str| folder.join(name);
        let made = Self {
            authority: file("authority.pem"),
            certificate: file("server.pem"),
            key: file("server.key"),
        };
        let extensions =
            "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n";
        fs::write(file("server.ext"), extensions).expect("the test's folder can be written");
        let new_key = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(
            folder,
            &format!(
                "{new_key} -x509 -days 2 -subj /CN=authority -keyout authority.key -out authority.pem"
            ),
        );
        openssl(
            folder,
            &format!("{new_key} -subj /CN=localhost -keyout server.key -out server.csr"),
        );
        openssl(
            folder,
            "x509 -req -days 2 -in server.csr -CA authority.pem -CAkey authority.key -set_serial 7 -extfile server.ext -out server.pem",
        );
        made
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output();
    let worked = output.as_ref().is_ok_and(|output| output.status.success());
    assert!(
        worked,
        "`openssl {arguments}` failed: {output:?}. The TLS tests need the openssl program: install it."
    );
}
