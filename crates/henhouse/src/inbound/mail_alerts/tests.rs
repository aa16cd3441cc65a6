//! What rules make of mails, and what of them cannot be meant.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use procedure::chapters::intake::Gravity;

use super::*;

const AT: &str = "Alerts@hen.example";
const BEGIN: &str = "project = 'farm'\nsource = 'nagios'\n";

/// An address with these rules.
fn address(rules: &str) -> AlertAddress {
    let settings: MailAlertSettings = toml::from_str(&format!("{BEGIN}{rules}")).unwrap();
    settings.at(AT).unwrap()
}

/// What is said at the start of such rules.
fn refused(rules: &str) -> String {
    let settings = toml::from_str::<MailAlertSettings>(&format!("{BEGIN}{rules}"));
    match settings {
        Ok(settings) => settings.at(AT).err().unwrap().to_string(),
        Err(error) => error.message().to_owned(),
    }
}

fn rule(more: &str) -> String {
    format!("[[rules]]\nname = 'one'\n{more}\n")
}

fn mail(subject: &str, text: &str) -> String {
    format!(
        "From: Nagios <nagios@mon.example>\r\nTo: ops@hen.example, Alerts@hen.example\r\nSubject: {subject}\r\n\r\n{text}\r\n"
    )
}

/// What the address makes of a mail.
fn made(rules: &str, raw: &str) -> Made {
    address(rules).made(&Letter::read(raw.as_bytes()), raw.as_bytes())
}

fn alert(rules: &str, raw: &str) -> Alert {
    match made(rules, raw) {
        Made::Alert(alert) => *alert,
        Made::Ignored(rule) => panic!("ignored by {rule}"),
    }
}

#[test]
fn a_mail_that_no_rule_is_for_is_an_alert_by_its_subject() {
    let raw = mail("RE: AW[2]: Fwd: Disk full on coop", "It is at 99 %.");
    let said = alert("", &raw);
    assert_eq!(
        (said.sent, &*said.alias, &*said.title),
        (
            Sent::Fires,
            "Disk full on coop",
            "RE: AW[2]: Fwd: Disk full on coop"
        )
    );
    assert!(said.words.contains("It is at 99 %.") && said.words.contains("nagios@mon.example"));
    assert_eq!((said.raw.as_slice(), said.is_mail), (raw.as_bytes(), true));
    assert_eq!(said.facts["details"]["to"], "alerts@hen.example");
    let [one, other] = ["a", "b"].map(|text| alert("", &mail("Re:", text)).alias);
    assert!(one.starts_with("mail ") && one != other, "{one} {other}");
    let none = alert("", "X-Y: z\r\n\r\n");
    assert_eq!(&*none.title, UNNAMED);
}

#[test]
fn the_first_rule_that_fits_decides_by_every_field_and_comparison() {
    let raw = mail("** PROBLEM: coop is DOWN **", "Line one\nHost: coop-7\nEnd");
    for (test, fits) in [
        ("field = 'from', is = 'ends', value = '@MON.example'", true),
        (
            "field = 'from', is = 'equals', value = 'mon.example'",
            false,
        ),
        ("field = 'from_name', is = 'equals', value = 'nagios'", true),
        (
            "field = 'to', is = 'lists', value = 'alerts@hen.example'",
            true,
        ),
        ("field = 'to', is = 'lists', value = 'hen.example'", false),
        (
            "field = 'subject', is = 'starts', value = '** problem'",
            true,
        ),
        (
            "field = 'subject', is = 'contains', value = 'recovery'",
            false,
        ),
        (
            "field = 'subject', is = 'contains', value = 'recovery', not = true",
            true,
        ),
        (
            "field = 'subject', is = 'matches', value = '.*is (DOWN|CRITICAL).*'",
            true,
        ),
        (
            "field = 'subject', is = 'matches', value = 'PROBLEM'",
            false,
        ),
        (
            "field = 'subject', is = 'matches', value = 'PROBLEM', not = true",
            true,
        ),
        ("field = 'to', is = 'one_matches', value = 'ops@.*'", true),
        (
            "field = 'body', is = 'contains', value = 'host: coop-7'",
            true,
        ),
        (
            "field = 'body', is = 'matches', value = '(?s).*Host: coop-\\d.*'",
            true,
        ),
        ("field = 'body', is = 'empty'", false),
    ] {
        for kind in ["all", "any"] {
            let rules = rule(&format!("then = 'ignore'\n{kind} = [{{ {test} }}]"));
            let ignored = matches!(made(&rules, &raw), Made::Ignored(name) if name == "one");
            assert_eq!(ignored, fits, "{kind} {test}");
        }
    }
    let first = rule(
        "then = 'close'\nall = [{ field = 'subject', is = 'contains', value = 'problem' }, { field = 'from', is = 'empty' }]",
    );
    let second = rule(
        "then = 'note'\nany = [{ field = 'from', is = 'empty' }, { field = 'body', is = 'contains', value = 'end' }]",
    );
    let third = rule("then = 'close'");
    let said = alert(&format!("{first}{second}{third}"), &raw);
    assert_eq!(said.sent, Sent::Noted);
}

#[test]
fn a_rule_names_the_alert_by_what_it_finds_and_one_that_finds_nothing_is_not_for_the_mail() {
    let found = "find.host = { field = 'subject', pattern = 'PROBLEM: (\\S+) is' }\n\
        find.check = { field = 'body', after = 'Check: ' }\n\
        find.grade = { field = 'body', after = '<', before = '>' }\n";
    let create = rule(&format!(
        "then = 'create'\nalias = '{{{{host}}}}/{{{{ check }}}}'\nmessage = '{{{{check}}}} of {{{{host}}}}'\npriority = 'P1'\n\
         tags = ['nagios', '{{{{grade}}}}', '{{{{from_name}}}}']\n{found}"
    ));
    let raw = mail(
        "PROBLEM: coop is DOWN",
        "Check: http x\r\nOf <gold> and more",
    );
    let said = alert(&create, &raw);
    assert_eq!(
        (&*said.alias, &*said.title, said.gravity),
        ("coop/http x", "http x of coop", Some(Gravity::Critical))
    );
    assert_eq!(said.facts["priority"], "P1");
    assert_eq!(said.facts["tags"], json!(["nagios", "gold", "Nagios"]));
    assert_eq!(said.fields["tags"], "nagios, gold, Nagios");
    for missing in [
        mail("PROBLEM: coop", "Check: http\r\n<a>"),
        mail("PROBLEM: coop is DOWN", "Check:\r\n<a>"),
        mail("PROBLEM: coop is DOWN", "Check: http\r\n<>"),
        mail("PROBLEM: coop is DOWN", "Check: http\r\n<a"),
    ] {
        let said = alert(&create, &missing);
        assert!(said.facts.get("priority").is_none(), "{missing}");
    }
}

#[test]
fn what_is_over_taken_note_of_or_added_is_said_of_the_alert_of_its_alias() {
    for (then, sent) in [
        ("close", Sent::Over),
        ("acknowledge", Sent::Acknowledged),
        ("note", Sent::Noted),
    ] {
        let rules = rule(&format!("then = '{then}'\nalias = 'coop'"));
        let said = alert(&rules, &mail("All well", "The fox is gone."));
        assert_eq!((said.sent, &*said.alias), (sent, "coop"));
        assert_eq!(
            said.words,
            "By mail, sender not verified: nagios@mon.example wrote: All well\n\nThe fox is gone."
        );
        assert_eq!(said.gravity, None, "a note makes nothing graver");
    }
    // An alias that says nothing names no alert: the next rule is asked.
    let rules = rule("then = 'close'\nalias = '{{from_name}}'");
    let raw = "Subject: x\r\nFrom: a@b.example\r\n\r\ny";
    assert_eq!(alert(&rules, raw).sent, Sent::Fires);
}

#[test]
fn what_is_forged_makes_nothing_quieter() {
    let read = |then: &str, result: &str| {
        let raw = mail("Disk full", "x");
        let mut letter = Letter::read(raw.as_bytes());
        let header = format!("mx.example; dmarc={result}");
        letter.verdict = Verdict::of(&[header], "mx.example");
        let rules = rule(&format!(
            "then = '{then}'\nall = [{{ field = 'from', is = 'contains', value = 'nagios' }}]"
        ));
        match address(&rules).made(&letter, raw.as_bytes()) {
            Made::Alert(alert) => Some(alert.sent),
            Made::Ignored(_) => None,
        }
    };
    for (then, sent) in [
        ("ignore", None),
        ("close", Some(Sent::Over)),
        ("acknowledge", Some(Sent::Acknowledged)),
        ("note", Some(Sent::Noted)),
    ] {
        assert_eq!(read(then, "pass"), sent, "{then}");
        assert_eq!(read(then, "fail"), Some(Sent::Fires), "{then}");
    }
}

#[test]
fn whatever_a_mail_is_made_of_what_is_kept_of_it_has_a_bound() {
    let long = "\u{1}\"é\u{10ffff}".repeat(40_000);
    let tags = "'{{body}}', ".repeat(20);
    let rules = rule(&format!(
        "then = 'create'\nalias = '{{{{body}}}} {{{{body}}}} {{{{body}}}} {{{{body}}}} {{{{body}}}}'\nmessage = '{{{{subject}}}}'\ntags = [{tags}]"
    ));
    let raw = format!("From: {long}@x.example\r\nSubject: {long}\r\n\r\n{long}");
    let said = alert(&rules, &raw);
    assert!(said.alias.len() <= 64 * 1024, "{}", said.alias.len());
    let kept = serde_json::to_string(&said.facts).unwrap();
    assert!(
        kept.len() <= 16 * 1024,
        "else none of it is kept: {}",
        kept.len()
    );
    assert!(said.facts["tags"].as_array().unwrap().len() == 20);
}

#[test]
fn what_cannot_be_meant_is_said_at_the_start_with_its_rule() {
    for (rules, why) in [
        ("colour = 'red'", "unknown field `colour`"),
        (&*rule("then = 'delete'"), "unknown variant `delete`"),
        (
            &*rule("then = 'create'\npriority = 'P6'"),
            "unknown variant `P6`",
        ),
        (
            &*rule("then = 'create'\ncolour = 1"),
            "unknown field `colour`",
        ),
        (
            &*rule("then = 'create'\nall = [{ field = 'subjekt', is = 'empty' }]"),
            "no field \"subjekt\"",
        ),
        (
            &*rule("then = 'create'\nall = [{ field = 'subject', is = 'looks' }]"),
            "unknown variant",
        ),
        (
            &*rule("then = 'create'\nall = [{ field = 'subject', is = 'contains' }]"),
            "compares with nothing",
        ),
        (
            &*rule("then = 'create'\nall = [{ field = 'subject', is = 'empty', value = 'x' }]"),
            "needs no value",
        ),
        (
            &*rule(
                "then = 'create'\nany = [{ field = 'subject', is = 'matches', value = '(?=a)' }]",
            ),
            "looks ahead",
        ),
        (&*rule("then = 'create'\nalias = '{{topic}}'"), "{{topic}}"),
        (
            &*rule("then = 'create'\nalias = '{{subject'"),
            "does not end it",
        ),
        (
            &*rule("then = 'create'\nalias = ' '"),
            "a text in it is empty",
        ),
        (&*rule("then = 'create'\nnote = 'x'"), "say description"),
        (&*rule("then = 'close'\npriority = 'P1'"), "creates none"),
        (&*rule("then = 'close'\ntags = ['x']"), "creates none"),
        (&*rule("then = 'ignore'"), "would ignore every mail"),
        (&*rule("then = 'ignore'\nalias = 'x'"), "no alias"),
        (
            &*rule("then = 'create'\nfind.host = { field = 'body' }"),
            "by a pattern alone",
        ),
        (
            &*rule("then = 'create'\nfind.host = { field = 'body', pattern = 'x' }"),
            "no brackets",
        ),
        (
            &*rule("then = 'create'\nfind.host = { field = 'body', pattern = '(x)', after = 'y' }"),
            "by a pattern alone",
        ),
        (
            &*rule("then = 'create'\nfind.subject = { field = 'body', after = 'y' }"),
            "a field of every mail",
        ),
        (
            &*rule("then = 'create'\nfind.Host = { field = 'body', after = 'y' }"),
            "small letters",
        ),
        (&*rule("then = 'create'").repeat(101), "more than 100 rules"),
        (
            &*rule(&format!(
                "then = 'create'\nmessage = '{}'",
                "x".repeat(1_001)
            )),
            "more than 1000 letters",
        ),
    ] {
        let said = refused(rules);
        assert!(said.contains(why), "{rules}: {said}");
    }
    let said = refused(&rule("then = 'close'\ntags = ['x']"));
    assert!(
        said.starts_with("[mail_in.alerts.\"Alerts@hen.example\"], the rule \"one\": "),
        "{said}"
    );
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_an_alert_without_a_nul(raw in proptest::collection::vec(proptest::num::u8::ANY, 0..300), subject in "\\PC{0,60}") {
        let rules = rule("then = 'create'\nalias = '{{found}}'\nfind.found = { field = 'body', pattern = '(\\S+)\\s' }");
        let raw = [format!("Subject: {subject}\r\n\r\n").as_bytes(), &raw].concat();
        let letter = Letter::read(&raw);
        let Made::Alert(said) = address(&rules).made(&letter, &raw) else {
            panic!("no rule ignores it");
        };
        proptest::prop_assert!(!said.alias.trim().is_empty() && !said.title.is_empty());
        proptest::prop_assert!(![&said.alias, &said.title, &said.words].iter().any(|one| one.contains('\0')));
    }
}
