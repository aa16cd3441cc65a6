//! The hen as a PNG, for home screens that take no SVG (iOS). It is drawn from `icon.svg` itself, so there is one drawing. Only what
//! that file uses is understood: rectangles over everything, circles, paths of lines and cubic curves, round strokes.

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// The drawing.
pub(super) const DRAWING: &str = include_str!("../../../assets/icon.svg");
/// Pixels each way, as iOS asks for them.
pub(super) const SIDE: usize = 180;
/// The side of the drawing.
const DRAWN: f64 = 512.0;
/// A pixel is the mean of so many points each way.
const FINE: usize = 4;
/// A curve is so many lines.
const PIECES: u32 = 24;

type Point = (f64, f64);
type Colour = [u8; 3];
/// A closed line, filled with one colour.
type Shape = (Vec<Point>, Colour);

/// The picture, drawn once.
pub(super) fn png() -> &'static [u8] {
    static PNG: LazyLock<Vec<u8>> = LazyLock::new(|| packed(&painted(&shapes(DRAWING))));
    &PNG
}

/// What is drawn, from the ground up.
fn shapes(drawing: &str) -> Vec<Shape> {
    let mut all = Vec::new();
    for element in drawing.split('<') {
        let number = |name: &str| said(element, name).and_then(|said| said.parse::<f64>().ok());
        let fill = said(element, "fill").and_then(colour);
        let stroke = said(element, "stroke").and_then(colour);
        let d = said(element, "d").unwrap_or_default();
        match (element.split(' ').next(), fill, stroke) {
            (Some("rect"), Some(fill), _) => {
                let corners = [(0.0, 0.0), (DRAWN, 0.0), (DRAWN, DRAWN), (0.0, DRAWN)];
                all.push((corners.into(), fill));
            }
            (Some("circle"), Some(fill), _) => {
                let at = |name: &str| number(name).unwrap_or_default();
                all.push((round((at("cx"), at("cy")), at("r")), fill));
            }
            (Some("path"), _, Some(stroke)) => {
                let half = number("stroke-width").unwrap_or_default() / 2.0;
                let lines = path(d).into_iter();
                let pieces = lines.flat_map(|line| stroked(&line, half));
                all.extend(pieces.map(|piece| (piece, stroke)));
            }
            (Some("path"), Some(fill), None) => {
                all.extend(path(d).into_iter().map(|line| (line, fill)));
            }
            _ => {}
        }
    }
    all
}

/// What an attribute says.
fn said<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = element.split_once(&format!(" {name}=\""))?;
    behind.split('"').next()
}

/// `#rrggbb`.
fn colour(said: &str) -> Option<Colour> {
    let number = u32::from_str_radix(said.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn round((x, y): Point, radius: f64) -> Vec<Point> {
    let points = 0..2 * PIECES;
    let angle = |n: u32| std::f64::consts::PI * f64::from(n) / f64::from(PIECES);
    let at = |n: u32| (x + radius * angle(n).cos(), y + radius * angle(n).sin());
    points.map(at).collect()
}

/// A line with round ends: each piece of it, and what is round at its ends.
fn stroked(line: &[Point], half: f64) -> Vec<Vec<Point>> {
    let mut all: Vec<Vec<Point>> = line.iter().map(|at| round(*at, half)).collect();
    for (a, b) in line.iter().zip(line.iter().skip(1)) {
        let (x, y) = (b.0 - a.0, b.1 - a.1);
        let length = x.hypot(y).max(f64::EPSILON);
        let (x, y) = (-y / length * half, x / length * half);
        let corners = [(a, 1.0), (b, 1.0), (b, -1.0), (a, -1.0)];
        all.push(
            corners
                .map(|(at, side)| (at.0 + x * side, at.1 + y * side))
                .into(),
        );
    }
    all
}

/// The lines of a path.
fn path(d: &str) -> Vec<Vec<Point>> {
    let (mut all, mut line): (Vec<Vec<Point>>, Vec<Point>) = (Vec::new(), Vec::new());
    let (mut at, mut bend) = ((0.0, 0.0), (0.0, 0.0));
    for (command, numbers) in commands(d) {
        let from = |n: f64, own: f64| {
            if command.is_ascii_lowercase() {
                n + own
            } else {
                n
            }
        };
        let point = |pair: &[f64], at: Point| (from(pair[0], at.0), from(pair[1], at.1));
        let mut to = |at: Point| line.push(at);
        match command.to_ascii_lowercase() {
            'm' => {
                all.push(std::mem::take(&mut line));
                for pair in numbers.chunks_exact(2) {
                    at = point(pair, at);
                    line.push(at);
                }
                bend = at;
            }
            'l' => {
                for pair in numbers.chunks_exact(2) {
                    at = point(pair, at);
                    to(at);
                }
                bend = at;
            }
            'h' | 'v' => {
                for n in numbers {
                    at = match command.eq_ignore_ascii_case(&'h') {
                        true => (from(n, at.0), at.1),
                        false => (at.0, from(n, at.1)),
                    };
                    to(at);
                }
                bend = at;
            }
            smooth @ ('c' | 's') => {
                let length = if smooth == 's' { 4 } else { 6 };
                for all in numbers.chunks_exact(length) {
                    let first = match smooth {
                        's' => (2.0 * at.0 - bend.0, 2.0 * at.1 - bend.1),
                        _ => point(all, at),
                    };
                    let rest = &all[length - 4..];
                    let (second, end) = (point(rest, at), point(&rest[2..], at));
                    (1..=PIECES).for_each(|n| to(curve([at, first, second, end], n)));
                    (bend, at) = (second, end);
                }
            }
            _ => {}
        }
    }
    all.push(line);
    all.retain(|line| line.len() > 1);
    all
}

/// A letter and its numbers.
fn commands(d: &str) -> Vec<(char, Vec<f64>)> {
    let mut all: Vec<(char, String)> = Vec::new();
    for sign in d.chars() {
        match (sign, all.last_mut()) {
            ('-', Some((_, numbers))) => numbers.push_str(" -"),
            ('0'..='9' | '.' | ' ', Some((_, numbers))) => numbers.push(sign),
            _ => all.push((sign, String::new())),
        }
    }
    let read = |said: String| said.split(' ').filter_map(|one| one.parse().ok()).collect();
    all.into_iter()
        .map(|(letter, said)| (letter, read(said)))
        .collect()
}

/// A point of a cubic curve.
fn curve(points: [Point; 4], n: u32) -> Point {
    let t = f64::from(n) / f64::from(PIECES);
    let u = 1.0 - t;
    let parts = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    let all = points.iter().zip(parts);
    all.fold((0.0, 0.0), |sum, (at, part)| {
        (sum.0 + at.0 * part, sum.1 + at.1 * part)
    })
}

/// Every pixel, row by row.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "within a picture"
)]
fn painted(shapes: &[Shape]) -> Vec<u8> {
    let side = SIDE * FINE;
    let scale = side as f64 / DRAWN;
    let mut points = vec![[0; 3]; side * side];
    for (row, y) in points.chunks_exact_mut(side).zip(0..) {
        let y = (f64::from(y) + 0.5) / scale;
        for (line, colour) in shapes {
            let next = line.iter().cycle().skip(1);
            let crossed = line
                .iter()
                .zip(next)
                .filter(|(a, b)| (a.1 <= y) != (b.1 <= y));
            let at = |(a, b): (&Point, &Point)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0);
            let mut crossed: Vec<f64> = crossed.map(at).collect();
            crossed.sort_by(f64::total_cmp);
            for pair in crossed.chunks_exact(2) {
                let [from, until] = [pair[0], pair[1]].map(|x| (x * scale).round().max(0.0));
                let (from, until) = (from as usize, (until as usize).min(side));
                if let Some(inside) = row.get_mut(from..until) {
                    inside.fill(*colour);
                }
            }
        }
    }
    let mut pixels = Vec::with_capacity(SIDE * (1 + 3 * SIDE));
    for y in 0..SIDE {
        // Each row says first how it is filtered: not at all.
        pixels.push(0);
        for x in 0..SIDE {
            let fine = |n: usize| points[(y * FINE + n / FINE) * side + x * FINE + n % FINE];
            let sum = (0..FINE * FINE).map(fine).fold([0; 3], |sum, point| {
                [0, 1, 2].map(|part| sum[part] + usize::from(point[part]))
            });
            pixels.extend(sum.map(|sum: usize| (sum / (FINE * FINE)) as u8));
        }
    }
    pixels
}

/// A PNG of these pixels (RFC 2083).
fn packed(pixels: &[u8]) -> Vec<u8> {
    let side = u32::try_from(SIDE).unwrap_or_default().to_be_bytes();
    // Eight bits for each of red, green and blue.
    let head = [&side[..], &side[..], &[8, 2, 0, 0, 0]].concat();
    let mut zipped = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing into memory fails for nobody.
    let written = zipped.write_all(pixels).and_then(|()| zipped.finish());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, said) in [
        (b"IHDR", head),
        (b"IDAT", written.unwrap_or_default()),
        (b"IEND", Vec::new()),
    ] {
        png.extend(u32::try_from(said.len()).unwrap_or_default().to_be_bytes());
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(&said);
        png.extend(name);
        png.extend(said);
        png.extend(sum.sum().to_be_bytes());
    }
    png
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_the_hen_of_the_drawing() {
        let pixels = painted(&shapes(DRAWING));
        let at = |x: usize, y: usize| {
            let from = (y * SIDE / 512) * (1 + 3 * SIDE) + 1 + 3 * (x * SIDE / 512);
            pixels[from..from + 3].to_vec()
        };
        for (x, y, colour, what) in [
            (5, 5, "#7a2e1d", "ground"),
            (250, 300, "#fff7e6", "body"),
            (190, 215, "#fff7e6", "head"),
            (158, 184, "#22140f", "eye"),
            (90, 205, "#f5a623", "beak"),
            (160, 118, "#e5484d", "comb"),
            (290, 327, "#e9c99b", "wing"),
            (234, 430, "#f5a623", "left leg"),
            (300, 430, "#f5a623", "right leg"),
            (267, 425, "#7a2e1d", "between the legs"),
        ] {
            assert_eq!(
                Some(at(x, y)),
                super::colour(colour).map(Vec::from),
                "{what}"
            );
        }
    }

    #[test]
    fn every_sign_of_the_drawing_is_understood() {
        let known = ["svg", "rect", "path", "circle", "/svg>"];
        for element in DRAWING.trim().split('<').skip(1) {
            let name = element.split([' ', '\n']).next().unwrap_or_default();
            assert!(known.contains(&name), "{name}");
            for (letter, _) in commands(said(element, "d").unwrap_or_default()) {
                assert!("MmLlHhVvCcSsZz".contains(letter), "{letter}");
            }
        }
    }
}
