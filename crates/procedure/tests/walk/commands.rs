//! How each command's fields are guessed. A command without a line here fails a test: add
//! one, with the fields that its payload has. Lines for commands that are still being
//! written elsewhere do no harm.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::chance::Chance;
use super::guess::{Fields, Guess, none};
use crate::stage::Stage;

const CRITERIA: &[&str] = &[
    "sensitive_data_compromised",
    "many_customers_down",
    "significant_loss",
    "limited_outage",
    "limited_loss",
    "sensitive_breach_confirmed",
    "sensitive_breach_suspected",
    "about_an_employee",
    "dos_limited",
];
const SIGNS: &[&str] = &["logging_stopped", "service_down", "personal_data_out"];
const KINDS: &[&str] = &[
    "investigate",
    "capture",
    "isolate",
    "lift",
    "change",
    "stop",
    "terminate",
    "wipe",
    "delete",
    "restore",
    "rebuild_elsewhere",
    "check",
    "organise",
];
const DEEDS: &[&str] = &[
    "capture",
    "isolate",
    "lift",
    "change",
    "stop",
    "terminate",
    "wipe",
    "delete",
    "restore",
    "disrupt",
];
const ITEMS: &[&str] = &["disk_snapshot", "memory", "logs", "screen", "dump", "rules"];
const TEMPLATES: &[&str] = &[
    "harden",
    "capture_state",
    "isolate_firewall",
    "stop_system",
    "magic",
];
const POSTS: &[&str] = &[
    "incident_commander",
    "communications",
    "responder",
    "deputy",
    "assistant",
    "scribe",
];
const TICKS: &[&str] = &[
    "acknowledge",
    "places",
    "impact",
    "thank",
    "timeline",
    "nonsense",
];
const SECTIONS: &[&str] = &["summary", "impact", "cause", "response", "nonsense"];
const HOURS: &[&str] = &["business", "around_the_clock"];

fn report(g: &mut Guess<'_>) -> Fields {
    let mut f = none().with("text", g.text());
    f = g.maybe(f, 30, "signs", |g| g.some(SIGNS));
    f = g.maybe(f, 30, "assets", Guess::assets);
    f = g.maybe(f, 20, "kind", |g| {
        g.one(&["unknown", "security", "operational"])
    });
    f = g.maybe(f, 20, "aware", |g| g.when());
    f = g.maybe(f, 10, "started", Guess::when);
    f = g.maybe(f, 15, "restricted", Guess::flag);
    f = g.maybe(f, 5, "about_employee", Guess::flag);
    f = g.maybe(f, 8, "about_person", Guess::person);
    f = g.maybe(
        f,
        10,
        "phish",
        |g| json!({ "clicked": g.flag(), "none": g.flag(), "in_spam": g.flag() }),
    );
    g.maybe(f, 30, "contact", Guess::text)
}

fn impact(g: &mut Guess<'_>) -> Value {
    const HARMS: &[&str] = &["none", "potential", "actual"];
    let mut f = none()
        .with("confidentiality", g.one(HARMS))
        .with("integrity", g.one(HARMS));
    f = g.maybe(f, 85, "availability", |g| g.one(HARMS));
    f = g.maybe(f, 50, "privacy", |g| g.one(HARMS));
    f = g.maybe(
        f,
        50,
        "whose",
        |g| json!(["ours", { "client": g.stakeholder() }]),
    );
    f = g.maybe(f, 30, "assets", Guess::assets);
    f = g.maybe(f, 30, "data", |g| {
        g.some(&["personal", "sensitive_personal", "credentials", "logs"])
    });
    f = g.maybe(f, 20, "people", |g| g.number(0, 5_000));
    f = g.maybe(f, 20, "customers_percent", |g| {
        g.number(0, 100)
            .as_u64()
            .map_or(json!(0), |n| json!(n.min(100)))
    });
    Value::Object(f.0)
}

fn reasoned(g: &mut Guess<'_>) -> Fields {
    g.maybe(none(), 85, "reason", Guess::text)
}

fn assess(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "confirm" => {
            let f = reasoned(g).with("severity", g.severity());
            let f = g.maybe(f, 15, "supporting", Guess::seqs);
            let f = g.maybe(f, 80, "impact", impact);
            g.maybe(f, 40, "responders", Guess::people)
        }
        "false_alarm" => {
            let f = reasoned(g);
            g.maybe(f, 15, "supporting", Guess::seqs)
        }
        "set_severity" => reasoned(g).with("severity", g.severity()),
        "explain_lowering" => reasoned(g).with("entry", g.seq_of("severity_set")),
        "answer_question" => {
            let questions = [
                "happened",
                "dependency",
                "system_failure",
                "sensitive_data",
                "wider_impact",
            ];
            let f = none()
                .with("question", g.one(&questions))
                .with("answer", g.answer());
            let f = g.maybe(f, 20, "which", |g| g.some(&["mail_host", "unheard_of"]));
            g.maybe(f, 30, "note", Guess::text)
        }
        "answer_criteria" => {
            let (criterion, answer) = (*g.chance.pick(CRITERIA), g.answer());
            let f = none().with("answers", json!({ criterion: answer }));
            let f = g.maybe(f, 40, "picks", |g| g.some(CRITERIA));
            g.maybe(f, 10, "unpicked", |g| g.some(CRITERIA))
        }
        "assess_impact" => match impact(g) {
            Value::Object(map) => Fields(map),
            _ => none(),
        },
        "decide_contingency" => reasoned(g).with("activate", g.flag()),
        _ => return None,
    })
}

fn sitreps(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "publish_sitrep" => {
            let mut f = g.maybe(none(), 80, "summary", Guess::text);
            for part in ["known", "doing", "need", "outside"] {
                f = g.maybe(f, 20, part, Guess::text);
            }
            f = g.maybe(f, 25, "no_change", Guess::flag);
            f = g.maybe(f, 20, "final", Guess::flag);
            f = g.maybe(f, 8, "correction_of", |g| g.number(1, 3));
            f = g.maybe(f, 20, "audiences", |g| {
                g.some(&["team", "inside", "outside"])
            });
            f = g.maybe(f, 15, "marking", Guess::marking);
            g.maybe(f, 20, "next", Guess::later)
        }
        "change_cadence" => {
            let f = g.maybe(none(), 60, "minutes", |g| g.number(10, 600));
            g.maybe(f, 30, "like", Guess::severity)
        }
        "add_stakeholder" | "remove_stakeholder" => {
            let f = reasoned(g);
            let f = g.maybe(f, 60, "stakeholder", Guess::stakeholder);
            let f = g.maybe(f, 40, "person", Guess::person);
            if name == "add_stakeholder" {
                return Some(f);
            }
            g.maybe(f, 30, "misaddressed", Guess::flag)
        }
        _ => return None,
    })
}

fn evidence(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "raise_suspicion" => none().with("reason", g.text()).with("assets", g.assets()),
        "clear_suspicion" => none().with("reason", g.text()),
        "add_exhibit" => {
            let upload = json!({ "upload": { "sha256": "ab".repeat(32), "size": 7, "media": "text/plain" } });
            let elsewhere = json!({ "reference": { "system": g.text(), "id": g.text() } });
            let what = if g.chance.percent(50) {
                upload
            } else {
                elsewhere
            };
            let kinds = [
                "database_dump",
                "disk_snapshot",
                "screen_capture",
                "log",
                "memory",
                "other",
            ];
            let f = none()
                .with("what", what)
                .with("kind", g.one(&kinds))
                .with("label", g.text());
            g.maybe(f, 70, "asset", Guess::asset)
        }
        "record_evidence_item" => {
            let states = ["captured", "impossible", "not_relevant"];
            let f = reasoned(g)
                .with("item", g.one(ITEMS))
                .with("state", g.one(&states));
            let f = g.maybe(f, 50, "asset", Guess::asset);
            let f = g.maybe(f, 50, "class", Guess::class);
            g.maybe(f, 40, "exhibit", |g| g.named("exhibit", "E"))
        }
        "assign_capture" => none().with("class", g.class()).with("owner", g.person()),
        "place_hold" => none()
            .with("assets", g.assets())
            .with("people", g.people())
            .with("text", g.text()),
        "acknowledge_hold" => none().with("hold", g.named("hold", "H")),
        "release_hold" => none()
            .with("hold", g.named("hold", "H"))
            .with("reason", g.text()),
        _ => return None,
    })
}

fn leads(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    let lead = g.named("lead", "L");
    Some(match name {
        "add_lead" => {
            let f = none().with("text", g.text());
            let f = g.maybe(f, 80, "source", Guess::text);
            let f = g.maybe(f, 20, "marking", Guess::marking);
            g.maybe(f, 40, "owner", Guess::person)
        }
        "assign_lead" => none().with("lead", lead).with("owner", g.person()),
        "start_lead" => none().with("lead", lead),
        "finish_lead" => g.maybe(none().with("lead", lead), 80, "finding", Guess::text),
        "drop_lead" => none().with("lead", lead).with("reason", g.text()),
        _ => return None,
    })
}

fn steps(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    let step = none().with("step", g.named("step", "S"));
    let classes = ["immediate", "deferred"];
    Some(match name {
        "add_step" => {
            let f = none().with("text", g.text());
            let f = g.maybe(f, 60, "class", |g| g.one(&classes));
            let f = g.maybe(f, 80, "kind", |g| g.one(KINDS));
            let f = g.maybe(f, 60, "asset", Guess::asset);
            let f = g.maybe(f, 60, "owner", Guess::person);
            let f = g.maybe(f, 20, "due", Guess::later);
            g.maybe(f, 15, "template", |g| g.one(TEMPLATES))
        }
        "assign_step" => {
            let f = g.maybe(step, 70, "owner", Guess::person);
            g.maybe(f, 40, "due", Guess::later)
        }
        "start_step" => step,
        "finish_step" => {
            let f = g.maybe(step, 40, "result", Guess::text);
            g.maybe(f, 20, "by", Guess::person)
        }
        "verify_step" => {
            let f = g.maybe(step, 25, "works", Guess::flag);
            g.maybe(f, 60, "reason", Guess::text)
        }
        "reclassify_step" => {
            let f = step.with("class", g.one(&classes));
            g.maybe(f, 70, "reason", Guess::text)
        }
        "drop_step" => step.with("reason", g.text()),
        "decide_destruction" => {
            let f = step.with("reason", g.text());
            g.maybe(f, 60, "loss_acknowledged", Guess::flag)
        }
        _ => return None,
    })
}

fn record(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "record_fact" => {
            let kinds = ["observation", "hypothesis", "action", "decision", "result"];
            let f = none().with("text", g.text());
            let f = g.maybe(f, 40, "kind", |g| g.one(&kinds));
            let f = g.maybe(f, 50, "deed", |g| g.one(DEEDS));
            let f = g.maybe(f, 20, "by", Guess::person);
            g.maybe(f, 60, "concerns", |g| {
                json!({ "assets": g.assets(), "steps": g.several("step", "S"),
                        "leads": g.several("lead", "L"),
                        "disruptions": g.several("disruption", "D") })
            })
        }
        "explain_deviation" => none()
            .with("deviation", g.named("deviation", "V"))
            .with("reason", g.text()),
        "record_milestone" => {
            let all = [
                "started",
                "aware",
                "contained",
                "resolved",
                "contained",
                "acknowledged",
            ];
            let f = reasoned(g).with("milestone", g.one(&all));
            let f = g.maybe(f, 30, "when", Guess::when);
            g.maybe(f, 8, "unknown", Guess::flag)
        }
        "add_note" => {
            let f = none().with("text", g.text());
            g.maybe(f, 20, "restricted", Guess::flag)
        }
        "correct_note" => none()
            .with("note", g.seq_of("note_added"))
            .with("text", g.text()),
        "tick_item" => none().with("item", g.one(TICKS)),
        "untick_item" => reasoned(g).with("item", g.one(TICKS)),
        "open_call" => {
            let f = none()
                .with("link", g.text())
                .with("participants", g.people());
            g.maybe(f, 30, "recording", Guess::flag)
        }
        "close_call" => {
            let f = none().with("call", g.number(1, 2));
            let f = g.maybe(f, 50, "recorded", Guess::flag);
            g.maybe(f, 50, "summary", Guess::text)
        }
        "open_document" => none()
            .with("link", g.text())
            .with("participants", g.people()),
        "propose_redaction" => none()
            .with("entry", g.seq())
            .with(
                "field",
                g.one(&["text", "reason", "report.text", "nonsense"]),
            )
            .with("reason", g.text()),
        "second_redaction" => {
            let f = reasoned(g).with("redaction", g.number(1, 2));
            g.maybe(f, 30, "declined", Guess::flag)
        }
        "change_basis" => none()
            .with("basis", "ab".repeat(32))
            .with("revision", g.stage.basis.project.revision),
        "adopt_playbook" => reasoned(g).with("edition", g.number(1, 2)),
        _ => return None,
    })
}

fn intake(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "report" => report(g),
        "add_details" | "disagree" => none().with("text", g.text()),
        "add_report" => {
            let f = none().with("report", Value::Object(report(g).0));
            g.maybe(f, 40, "reporter", Guess::person)
        }
        "warn_colleagues" => none().with("text", g.text()),
        "skip_warning" => none().with("reason", g.text()),
        "set_kind" => none().with("kind", g.one(&["unknown", "security", "operational"])),
        "set_title" => none().with("title", g.text()),
        "set_tags" => none().with("tags", g.some(&["farm", "fence", "fox"])),
        "merge_case" => reasoned(g).with("other", "11111111-1111-7111-8111-111111111111"),
        "receive_merged" => {
            let report =
                json!({ "seq": 1, "at": g.earlier(), "report": Value::Object(report(g).0) });
            let f = none()
                .with("other", "22222222-2222-7222-8222-222222222222")
                .with("reports", json!([report]));
            let f = g.maybe(f, 20, "by", Guess::person);
            g.maybe(f, 20, "restricted", Guess::flag)
        }
        "restrict" => {
            let f = none().with("reason", g.text());
            g.maybe(f, 30, "about_person", Guess::person)
        }
        "unrestrict" => none().with("reason", g.text()),
        "set_marking" => reasoned(g).with("marking", g.marking()),
        "add_member" => none().with("person", g.person()),
        "remove_member" => reasoned(g).with("person", g.person()),
        "restrict_entry" => none().with("entry", g.seq()),
        _ => return None,
    })
}

fn command(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    let role = |f: Fields, g: &mut Guess<'_>| g.maybe(f, 15, "role", |g| g.one(POSTS));
    let briefing = |g: &mut Guess<'_>| {
        let keys = ["situation", "done", "open", "next", "people", "doubts"];
        let all = g.chance.percent(70);
        let chosen = keys.iter().filter(|_| all || g.chance.percent(50));
        let map: Vec<_> = chosen
            .map(|key| ((*key).to_string(), json!("So it is.")))
            .collect();
        Value::Object(map.into_iter().collect())
    };
    Some(match name {
        "acknowledge" => g.maybe(none(), 20, "only_command", Guess::flag),
        "join" | "leave" | "pass_on" | "still_here" | "confirm_take_over" => none(),
        "call_in" => {
            let f = none().with("person", g.person());
            let f = g.maybe(f, 20, "message", Guess::text);
            g.maybe(f, 20, "needs", |g| g.some(&["linux", "law"]))
        }
        "answer_call_in" => reasoned(g).with("accept", g.flag()),
        "note_undelivered" => {
            let to = match g.flag() {
                Value::Bool(true) => json!({ "reporter": 1 }),
                _ => json!({ "person": g.person() }),
            };
            let f = none().with("to", to);
            let f = g.maybe(f, 50, "route", |g| g.one(&["mail", "telephone", "chat"]));
            g.maybe(f, 30, "more_routes", Guess::flag)
        }
        "tell_reporter" => none()
            .with("report", json!(1))
            .with("route", json!("telephone")),
        "offer_handover" => {
            let f = role(none().with("to", g.person()), g);
            g.maybe(f, 60, "briefing", briefing)
        }
        "brief_handover" => role(none().with("briefing", briefing(g)), g),
        "read_back" => role(none().with("text", g.text()), g),
        "accept_handover" | "withdraw_handover" => role(none(), g),
        "decline_handover" => {
            let f = reasoned(g);
            role(f, g)
        }
        "take_over" | "stay_alone" => none().with("reason", g.text()),
        "assign_role" => {
            let f = none().with("person", g.person()).with("role", g.one(POSTS));
            g.maybe(f, 30, "scope", Guess::text)
        }
        "release_role" => none().with("person", g.person()).with("role", g.one(POSTS)),
        "record_forecast" => none().with("minutes", g.number(10, 600)),
        "plan_long_remediation" => {
            let f = reasoned(g)
                .with("mode", g.one(HOURS))
                .with("breach_ongoing", g.flag());
            g.maybe(f, 40, "next_ic", Guess::person)
        }
        "plan_shift" => {
            let f = none()
                .with("person", g.person())
                .with("from", g.stage.now.to_string())
                .with("until", g.later());
            g.maybe(f, 40, "duty", |g| g.one(&["ic", "responder"]))
        }
        "cancel_shift" => none().with("shift", g.number(1, 3)),
        "send_home" => none().with("person", g.person()),
        _ => return None,
    })
}

fn disruption(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    let which = none().with("disruption", g.named("disruption", "D"));
    Some(match name {
        "request_disruption" => {
            let f = none().with("text", g.text());
            let f = g.maybe(f, 40, "scope", |g| g.one(&["partial", "complete"]));
            let f = g.maybe(f, 50, "expected_minutes", |g| g.number(5, 300));
            let f = g.maybe(f, 50, "risk_of_acting", Guess::text);
            let f = g.maybe(f, 50, "risk_of_waiting", Guess::text);
            let f = g.maybe(f, 60, "project_impact", Guess::flag);
            let f = g.maybe(f, 50, "assets", Guess::assets);
            g.maybe(f, 40, "steps", |g| g.several("step", "S"))
        }
        "record_contact" => {
            let f = which
                .with("decider", g.person())
                .with("route", g.one(&["chat", "mail", "phone"]));
            let f = g.maybe(f, 50, "reason", Guess::text);
            g.maybe(f, 50, "outcome", |g| {
                g.one(&["no_answer", "reached", "agreed", "declined"])
            })
        }
        "answer_disruption" => {
            let f = which.with("answer", g.one(&["yes", "no", "later"]));
            g.maybe(f, 60, "reason", Guess::text)
        }
        "team_vote" => {
            let f = which.with("agree", g.flag());
            g.maybe(f, 50, "reason", Guess::text)
        }
        "settle_disruption" => which.with("go", g.flag()).with("reason", g.text()),
        "start_disruption" => which,
        "end_disruption" => g.maybe(which, 50, "result", Guess::text),
        "withdraw_disruption" => which.with("reason", g.text()),
        "send_disruption_notice" => which.with("text", g.text()),
        _ => return None,
    })
}

fn outages(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "begin_outage" => {
            let f = none().with("assets", g.assets());
            g.maybe(f, 30, "began", Guess::when)
        }
        "end_outage" => g.maybe(none(), 30, "ended", Guess::when),
        "activate_contingency" => none().with("reason", g.text()),
        "record_recovery_test" => none().with("passed", g.flag()).with("how", g.text()),
        "declare_recovered" => g.maybe(none(), 40, "note", Guess::text),
        "plan_postmortem" => none().with("at", g.later()),
        "decide_customer_notice" => none().with("notify", g.flag()).with("reason", g.text()),
        "draft_customer_notice" => {
            let to = json!([g.stakeholder()]);
            let f = none().with("text", g.text()).with("to", to);
            g.maybe(f, 30, "next", Guess::later)
        }
        "approve_customer_notice" => {
            let f = none().with("notice", g.named("notice", "N"));
            let f = g.maybe(f, 50, "approve", |g| g.flag());
            g.maybe(f, 70, "reason", Guess::text)
        }
        "send_customer_notice" => {
            let f = none().with("notice", g.named("notice", "N"));
            let f = g.maybe(f, 30, "second", Guess::person);
            g.maybe(f, 60, "reason", Guess::text)
        }
        _ => return None,
    })
}

fn closing(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "ready_for_qa" => {
            let f = reasoned(g);
            g.maybe(f, 70, "reviewer", Guess::person)
        }
        "record_normal_again" => {
            let f = reasoned(g);
            let f = g.maybe(f, 80, "outcome", |g| {
                g.one(&["tested", "not_applicable", "deferred"])
            });
            let f = g.maybe(f, 70, "tested_by", Guess::person);
            let f = g.maybe(f, 70, "how", Guess::text);
            g.maybe(f, 50, "due", Guess::later)
        }
        "accept_qa" | "reopen" => reasoned(g),
        "send_back_qa" => {
            let f = reasoned(g);
            g.maybe(f, 50, "steps", |g| g.several("step", "S"))
        }
        "send_thanks" => none().with("text", g.text()),
        "close" => g.maybe(none(), 80, "outcome", Guess::text),
        "settle" => {
            let f = reasoned(g).with("choice", g.one(&["lift", "keep"]));
            let hold = g.chance.percent(50);
            f.with(
                "what",
                if hold {
                    g.named("hold", "H")
                } else {
                    g.named("step", "S")
                },
            )
        }
        _ => return None,
    })
}

fn retrospective(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    Some(match name {
        "appoint_leader" => none().with("person", g.person()),
        "add_timeline_line" => {
            let f = none().with("entries", g.seqs());
            g.maybe(f, 60, "text", Guess::text)
        }
        "remove_timeline_line" => none().with("line", g.named("line", "T")),
        "write_report_section" => none()
            .with("section", g.one(SECTIONS))
            .with("text", g.text()),
        "add_cause" => {
            let kinds = ["how", "why", "control", "condition", "vulnerability"];
            let f = none().with("text", g.text()).with("kind", g.one(&kinds));
            let f = g.maybe(f, 20, "id", |g| g.named("cause", "C"));
            g.maybe(f, 50, "parents", |g| g.several("cause", "C"))
        }
        "choose_method" => none().with("method", g.one(&["infinite_hows", "five_whys", "magic"])),
        "add_outcome" => {
            let lists = ["improve", "keep", "prevent", "nonsense"];
            let f = none().with("list", g.one(&lists)).with("text", g.text());
            g.maybe(f, 40, "from", |g| g.several("cause", "C"))
        }
        "add_lesson" => {
            let f = none().with("text", g.text());
            g.maybe(f, 30, "entries", Guess::seqs)
        }
        "add_follow_up" => none()
            .with("text", g.text())
            .with("owner", g.person())
            .with("due", g.later()),
        "done_follow_up" => {
            let f = none().with("follow_up", g.named("follow_up", "F"));
            g.maybe(f, 40, "note", Guess::text)
        }
        "set_discovery_method" => {
            let f = none().with("value", g.one(&["internal_user", "log_review", "unknown"]));
            g.maybe(f, 30, "note", Guess::text)
        }
        "set_threat_actions" => {
            let f = none().with("none", g.flag());
            g.maybe(f, 50, "values", |g| g.some(&["hacking", "social", "error"]))
        }
        "skip_retrospective" => none().with("reason", g.text()),
        "publish_report" => g.maybe(none(), 50, "short_cause", Guess::text),
        _ => return None,
    })
}

/// Fields for the command of that name, as the table above guesses them.
pub fn fields(name: &str, g: &mut Guess<'_>) -> Option<Fields> {
    let chapters: &[fn(&str, &mut Guess<'_>) -> Option<Fields>] = &[
        intake,
        record,
        command,
        assess,
        sitreps,
        evidence,
        leads,
        steps,
        disruption,
        outages,
        closing,
        retrospective,
    ];
    chapters.iter().find_map(|chapter| chapter(name, g))
}

/// Whether the table has a line for the command of that name.
pub fn is_planned(name: &str) -> bool {
    let stage = Stage::new(crate::stage::project::basis(), Timestamp::UNIX_EPOCH);
    let mut guess = Guess {
        stage: &stage,
        said: &[],
        chance: &mut Chance::of(0),
        wild: 0,
    };
    fields(name, &mut guess).is_some()
}
