//! What is printed: the card for the purse, and the poster for the wall.

use super::*;

#[tokio::test]
async fn the_card_holds_the_order_the_numbers_and_what_not_to_do() {
    let (stage, boss) = boss().await;
    let html = boss.get(&stage, "/projects/farm/card").await.text();
    for must in [
        "The ann",
        "/report/farm",
        "Do not delete anything",
        "No duty number is set.",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
}

#[tokio::test]
async fn the_poster_holds_the_address_of_the_form_and_no_person() {
    let (stage, boss) = boss().await;
    let html = boss.get(&stage, "/projects/farm/poster").await.text();
    let poster = html.split("class=\"poster\"").nth(1).unwrap();
    for must in [
        "/report/farm</strong>",
        "<svg class=\"qr\"",
        "Do not delete anything",
    ] {
        assert!(poster.contains(must), "{must}: {html}");
    }
    let drawn = crate::report::qr::Qr::of("http://localhost:8400/report/farm").unwrap();
    assert!(poster.contains(&format!("d=\"{}\"", drawn.path)), "{html}");
    assert!(!poster.contains("ann"), "nobody is named: {html}");
    let sheet = boss.get(&stage, "/projects/farm").await.text();
    assert!(sheet.contains("href=\"/projects/farm/poster\""), "{sheet}");
}
