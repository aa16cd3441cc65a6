//! The one place that names the cryptography under TLS, so that every client and test uses the same.
//! It must not open a connection or read a certificate: it only sets the provider.

use std::sync::Once;

static INSTALLED: Once = Once::new();

/// Makes ring the process's TLS cryptography. Called first by `main` and by every test that opens
/// a TLS connection; calling it again changes nothing.
pub fn install_provider() {
    INSTALLED.call_once(|| {
        // Refused only when a provider is already set, which is then kept.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_provider_is_there_after_any_number_of_calls() {
        super::install_provider();
        super::install_provider();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}
