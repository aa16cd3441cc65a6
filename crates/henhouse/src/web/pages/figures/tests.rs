//! The figures of two quarters are held against a count by hand; who may not see a case does not count it.

use jiff::SignedDuration;
use serde_json::json;

use crate::web::stage::Stage;

/// By hand: two reports in the first quarter at 03:00; one is taken after 4 minutes, one after 10. In the
/// second quarter one is taken after 2 minutes, and one by nobody.
async fn two_quarters() -> (Stage, String) {
    let stage = Stage::new().await;
    let ann = stage.token("ann", "member").await;
    let later = async |seconds: i64| {
        let then = stage.app.desk.now() + SignedDuration::from_secs(seconds);
        assert!(stage.app.desk.advance(then, || async {}).await.is_ok());
    };
    let over = async |number: &str| {
        for said in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "false_alarm", "reason": "the wind" }),
        ] {
            stage.command(number, &ann, said).await;
        }
    };
    stage.report().await;
    stage.report().await;
    later(240).await;
    over("HH-1").await;
    later(360).await;
    over("HH-2").await;
    later(86_400 * 40).await;
    stage.report().await;
    later(120).await;
    over("HH-3").await;
    stage.report().await;
    (stage, ann)
}

#[tokio::test]
async fn the_figures_are_as_counted_by_hand_and_unknown_stands_apart() {
    let (stage, ann) = two_quarters().await;
    let html = stage
        .get("/figures?quarter=2026-Q1", Some(&ann))
        .await
        .text();
    let part = html
        .split("id=\"acknowledgement\"")
        .nth(1)
        .unwrap_or_default();
    let part = part.split("</section>").next().unwrap_or_default();
    let row = "<th scope=\"row\" class=\"id\">2026-Q1</th><td data-name=\"Known\">2</td><td data-name=\"Unknown\">0</td><td data-name=\"Median\">7 minutes</td><td data-name=\"90th percentile\">10 minutes</td>";
    assert!(part.contains(row), "{part}");
    assert_eq!(part.matches("<circle").count(), 2, "{part}");
    let none = "<th scope=\"row\" class=\"id\">2025-Q4</th><td data-name=\"Known\">0</td><td data-name=\"Unknown\">0</td><td data-name=\"Median\">unknown</td>";
    assert!(part.contains(none), "{part}");
    let html = stage.get("/figures", Some(&ann)).await.text();
    let faster = "faster. In the middle it takes 2 minutes in 2026-Q2 (1 case), in 2026-Q1 it took 7 minutes (2 cases).";
    assert!(html.contains(faster), "{html}");
    assert!(html.contains("Few cases"), "{html}");
    let row = "<th scope=\"row\" class=\"id\">2026-Q2</th><td data-name=\"Known\">1</td><td data-name=\"Unknown\">1</td><td data-name=\"Median\">2 minutes</td>";
    assert!(
        html.contains(row),
        "nobody took one of them, which is no nought: {html}"
    );
    assert!(
        !html.contains("style=") && !html.contains("<script>"),
        "{html}"
    );
    assert_eq!(
        stage.get("/figures?project=mill", Some(&ann)).await.status,
        404
    );
}

#[tokio::test]
async fn the_spreadsheet_has_every_case_and_says_unknown() {
    let (stage, ann) = two_quarters().await;
    let said = stage
        .get("/figures.csv?quarter=2026-Q1&project=farm", Some(&ann))
        .await;
    assert_eq!(
        said.header("content-disposition"),
        "attachment; filename=\"figures-2026-Q1.csv\""
    );
    let text = said.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(
        lines[0].starts_with("case,project,opened_at,severity,discovered_by,"),
        "{text}"
    );
    assert_eq!(lines.len(), 4, "a head, two cases, the end: {text}");
    let second = "HH-2,farm,2026-03-02T03:00:00Z,unknown,unknown,unknown,unknown,unknown,600,600,unknown,0,0,0,";
    assert!(lines.iter().any(|line| line.starts_with(second)), "{text}");
}

#[tokio::test]
async fn whoever_may_not_see_a_case_does_not_count_it() {
    let (stage, ann) = two_quarters().await;
    let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
    stage.report_as(secret).await;
    let cases = async |who: &str| {
        let said = stage.get("/figures.csv", Some(who)).await.text();
        said.lines().count() - 1
    };
    let (oz, eve) = (
        stage.token("oz", "member").await,
        stage.token("eve", "member").await,
    );
    assert_eq!(
        (cases(&ann).await, cases(&oz).await, cases(&eve).await),
        (3, 2, 0)
    );
    assert_eq!(stage.get("/figures", Some(&eve)).await.status, 200);
    assert_eq!(stage.get("/figures", None).await.status, 303);
    let live = stage.app.desk.index_lines().await;
    assert!(stage.app.desk.rebuild().await.is_ok());
    assert_eq!(
        stage.app.desk.index_lines().await,
        live,
        "rebuilt figures are the same"
    );
}

#[tokio::test]
async fn in_german_a_quarter_and_the_marks_of_a_chart_are_german_and_addresses_stay() {
    let (stage, ann) = two_quarters().await;
    let asking = stage.request("GET", "/figures", Some(&ann), None);
    let html = stage
        .send(asking.with("accept-language", "de"))
        .await
        .text();
    for must in [
        "Kennzahlen: <span class=\"id\">2. Quartal 2026</span>",
        "href=\"?quarter=2026-Q1\">Quartal davor: 1. Quartal 2026",
        "href=\"/figures.csv?quarter=2026-Q2\"",
        "Im 2. Quartal 2026 dauert es",
        "im 1. Quartal 2026 dauerte es",
        ">1 min</text>",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert!(!html.contains(">2026-Q2<"), "{html}");
}
