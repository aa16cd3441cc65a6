//! One box: a version byte, a random nonce, and XChaCha20-Poly1305 over the content.
//!
//! Wrapped keys and sealed texts are such boxes. Each use has its own domain in the associated data, so that a box of
//! one kind never opens as another.

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// The box does not open: wrong key, wrong place, or changed bytes. Which one cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DoesNotOpen;

/// A cipher with its key, which is wiped when dropped.
pub(super) fn keyed(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

/// Version byte, nonce, encrypted content, 16-byte tag.
pub(super) fn close(key: &[u8; 32], nonce: [u8; 24], bound_to: &[u8], content: &[u8]) -> Vec<u8> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(content.len() + TAG_BYTES));
    buffer.extend_from_slice(content);
    keyed(key)
        .encrypt_in_place(&XNonce::from(nonce), bound_to, &mut *buffer)
        .expect("a content far below 256 GiB always encrypts");
    let mut closed = Vec::with_capacity(1 + NONCE_BYTES + buffer.len());
    closed.push(VERSION);
    closed.extend_from_slice(&nonce);
    closed.extend_from_slice(&buffer);
    closed
}

/// The content of a box closed with the same key and bound to the same thing.
pub(super) fn open(
    key: &[u8; 32],
    bound_to: &[u8],
    closed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let (&version, rest) = closed.split_first().ok_or(DoesNotOpen)?;
    let (nonce, content) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(DoesNotOpen)?;
    if version != VERSION {
        return Err(DoesNotOpen);
    }
    let mut buffer = Zeroizing::new(content.to_vec());
    keyed(key)
        .decrypt_in_place(&XNonce::from(*nonce), bound_to, &mut *buffer)
        .map_err(|_| DoesNotOpen)?;
    Ok(buffer)
}
