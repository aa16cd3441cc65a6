//! The certificate with which Amazon SNS signs: for when and for whom it was made, and its key. That it is Amazon's is known from
//! the connection by which it came; it names no authority above itself that could be asked (docs/decisions/amazon.md).

use jiff::Timestamp;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::SnsError;

/// A certificate of Amazon SNS.
#[derive(Debug)]
pub(super) struct Certificate {
    /// An RSA key, as PKCS #1 has it.
    key: Vec<u8>,
    from_second: u64,
    until_second: u64,
}

impl Certificate {
    /// Reads one that was made for one of these names.
    pub(super) fn read(pem: &[u8], names: &[String]) -> Result<Self, &'static str> {
        let der = CertificateDer::from_pem_slice(pem).map_err(|_| "there is no certificate")?;
        let parsed = Parsed::from_der(&der).map_err(|_| "its certificate cannot be read")?;
        let content = parsed.tbs_certificate();
        let alternatives = content.get_extension::<SubjectAltName>();
        let alternatives = alternatives.map_err(|_| "its certificate cannot be read")?;
        let ours = |name: &GeneralName| match name {
            GeneralName::DnsName(name) => names
                .iter()
                .any(|ours| ours.eq_ignore_ascii_case(name.as_str())),
            _ => false,
        };
        if !alternatives.is_some_and(|(_, all)| all.0.iter().any(ours)) {
            return Err("its certificate was made for somebody else");
        }
        let validity = content.validity();
        let key = &content.subject_public_key_info().subject_public_key;
        Ok(Self {
            key: key.as_bytes().ok_or("its certificate has no key")?.to_vec(),
            from_second: validity.not_before.to_unix_duration().as_secs(),
            until_second: validity.not_after.to_unix_duration().as_secs(),
        })
    }

    /// Whether this signature of this version is over these words.
    pub(super) fn verify(
        &self,
        version: u8,
        signed: &str,
        signature: &[u8],
        now: Timestamp,
    ) -> Result<(), SnsError> {
        let now = u64::try_from(now.as_second()).unwrap_or(0);
        if now < self.from_second || now > self.until_second {
            return Err(SnsError::Forged("its certificate is not of this time"));
        }
        let algorithm = match version {
            1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            _ => &RSA_PKCS1_2048_8192_SHA256,
        };
        let key = UnparsedPublicKey::new(algorithm, &self.key);
        key.verify(signed.as_bytes(), signature)
            .map_err(|_| SnsError::Forged("it is over something else, or by somebody else"))
    }
}
