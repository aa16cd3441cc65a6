//! A burst: what shares a page, and what never does.

use serde_json::json;

use super::Farm;

#[tokio::test]
async fn a_burst_is_bundled_and_each_report_is_named_to_everybody_who_is_called() {
    let farm = Farm::new().await;
    let mut numbers = Vec::new();
    for n in 1..=60 {
        numbers.push(farm.report(n, json!({})).await);
    }
    farm.send().await;
    assert_eq!(farm.to("ann").len(), 3, "the first pages go at once");
    let pressing = farm
        .report(61, json!({ "phish": { "clicked": true } }))
        .await;
    farm.send().await;
    assert!(
        farm.to("ann")[3].subject.contains(&pressing),
        "a flood does not drown what presses"
    );
    farm.pass(60).await;
    assert_eq!(farm.to("ann").len(), 5, "and one page for the rest");
    assert_eq!(
        farm.to("ann")[4].subject,
        "HH-4 and 56 more: please read them"
    );
    // Nobody answers: the walk reaches Bob for each of them, in few mails.
    farm.pass(60 * 12).await;
    let bob = farm.to("bob");
    assert!(bob.len() <= 4 + 4, "{}", bob.len());
    for who in ["ann", "bob"] {
        let all: String = farm
            .to(who)
            .iter()
            .map(|m| [&*m.subject, &*m.text].concat())
            .collect();
        let named = |number: &str| all.contains(number) || in_a_range(&all, number);
        let missing: Vec<_> = numbers.iter().filter(|number| !named(number)).collect();
        assert!(missing.is_empty(), "{who} never heard of {missing:?}");
    }
}

#[tokio::test]
async fn a_link_in_what_a_stranger_wrote_is_dead_where_many_are_told_at_once() {
    let farm = Farm::new().await;
    for n in 1..=6 {
        let text = json!({ "text": "see https://evil.example/login" });
        farm.report(n, text).await;
    }
    farm.pass(60).await;
    let all = farm.to("ann");
    let page = all.iter().find(|mail| mail.subject.contains(" more: "));
    let text = &page.unwrap().text;
    assert!(
        text.contains("hxxps://evil[.]example") && !text.contains("https://evil"),
        "{text}"
    );
}

/// `HH-44 to HH-60` names what lies between.
fn in_a_range(text: &str, number: &str) -> bool {
    let count = |number: &str| {
        number
            .trim_start_matches("HH-")
            .trim_end_matches(['.', ','])
            .parse::<u32>()
            .ok()
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).any(|three| {
        let ends = (count(three[0]), three[1], count(three[2]));
        matches!((ends, count(number)), ((Some(from), "to", Some(to)), Some(n)) if from <= n && n <= to)
    })
}

#[tokio::test]
async fn staff_are_never_bundled_and_an_answer_ends_the_calls_for_its_case_alone() {
    let farm = Farm::new().await;
    for n in 1..=9 {
        farm.report(n, json!({})).await;
    }
    farm.send().await;
    let oz = farm.stage.token("oz", "member").await;
    let body = json!({ "text": "this one is real", "project": "farm" });
    let said = farm.stage.post("/api/v1/reports", Some(&oz), body).await;
    assert_eq!(said.json()["number"], "HH-10");
    farm.send().await;
    assert!(
        farm.to("ann")[3].text.contains("this one is real"),
        "at once, alone"
    );
    let bob = farm.stage.token("bob", "member").await;
    farm.stage
        .command("HH-5", &bob, json!({ "command": "acknowledge" }))
        .await;
    farm.pass(60).await;
    let to_ann = farm.to("ann");
    let bundled = to_ann.iter().find(|mail| mail.subject.contains(" more: "));
    let page = bundled.unwrap();
    assert_eq!(page.subject, "HH-4 and 4 more: please read them");
    assert!(!page.text.contains("HH-5"), "{}", page.text);
}
