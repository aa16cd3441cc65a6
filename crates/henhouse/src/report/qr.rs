//! A text as a picture that telephones read: one path for an SVG, black on white.

use qrcodegen::{QrCode, QrCodeEcc};

/// The white edge around it that readers need, in modules.
const EDGE: i32 = 4;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// How many units wide and high, with its edge.
    pub size: i32,
    /// What is black, as the `d` of an SVG path.
    pub path: String,
}

impl Qr {
    /// The picture of a text; nothing for one that is too long for any.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let run = (x..code.size())
                    .take_while(|x| code.get_module(*x, y))
                    .count();
                let run = i32::try_from(run).unwrap_or_default();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + EDGE, y + EDGE));
                }
                x += run.max(1);
            }
        }
        let size = code.size() + 2 * EDGE;
        Some(Self { size, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_that_readers_look_for_are_black_and_the_edge_is_white() {
        let qr = Qr::of("otpauth://totp/Henhouse:ann?secret=ABC&issuer=Henhouse");
        let Some(qr) = qr else { panic!("it fits") };
        let right = qr.size - EDGE - 7;
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
        assert!(qr.path.contains(&format!("M{right} 4h7v1h-7z")));
        assert!(!qr.path.contains("M3 ") && !qr.path.contains(" 3h"));
        assert_eq!(Qr::of(&"x".repeat(5_000)), None);
    }
}
