//! The line language of scenarios: commands, ticks and expectations in handbook words.
//!
//! ```text
//! roster ann, bob(responder decider), pat(product_owner)
//! on call ann
//! playbook alarm.ack_limit_minutes = 5
//! edition 2 sitreps.initial_due_minutes = 10      what `adopt_playbook edition=2` moves the case to
//! project pager = false
//! at 2026-03-02T03:00Z
//! reporter: report text="The chickens are escaping"
//! +9m59s                      the clock moves, stopping at each wake
//! sleep 3h                    the clock jumps: nothing was running
//! ann: acknowledge
//! ann @-5m: add_note text="…"  it happened five minutes ago
//! reporter pastes: The chickens are out | IC: Jane     the report template, `|` for new lines
//! reviewed by nobody          of the playbook: nobody, one_person, by_another
//! mail from=ann subject="Fwd: security incident" text="…" sha=1     a report at once, or it waits; from= for the staff
//! queue opens | queue joins ann        what waits longest is opened by itself, or ann adds it to the case
//! queue warned ann            ann warns colleagues of what waits longest
//! ann: close waive=[{"rule":"R54","reason":"…"}]
//! ticks ann                    ann ticks what is left of the checklist
//! expect …                    see `expect` below
//! ```

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::assess;
use procedure::metrics::group_by;
use procedure::playbook::Cadence;
use procedure::{Outcome, Recipient, Refusal, Telling, When, conformance};
use serde_json::{Map, Value};

use super::fields::{fields_of, is_rule, json_of};
use super::mail;
use super::project;
use super::views;
use super::{Stage, actor};

/// Plays lines on a stage.
pub struct Player {
    /// The stage.
    pub stage: Stage,
    changes: Vec<(String, Value)>,
    refused: Option<Refusal>,
}

type Played = Result<(), String>;

impl Player {
    /// A player on this stage.
    pub fn new(stage: Stage) -> Self {
        Self {
            stage,
            changes: Vec::new(),
            refused: None,
        }
    }

    /// Plays one line.
    pub fn play(&mut self, line: &str) -> Played {
        if let Some(expected) = line.strip_prefix("expect ") {
            return self.expect(expected.trim());
        }
        self.leftovers()?;
        if let Some(duration) = line.strip_prefix('+') {
            let to = self.stage.now + duration_of(duration)?;
            self.stage.advance(to);
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "sleep" => self.stage.sleep(duration_of(rest)?),
            "at" => self.at(rest)?,
            "roster" => {
                self.stage.basis.project.roster = split(rest).map(project::member).collect()
            }
            "on" => self.on_call(rest),
            "zone" => self.stage.basis.project.calendar = project::calendar(rest, &[]),
            "holiday" => self.holiday(rest),
            "playbook" => self.playbook(rest)?,
            "edition" => self.edition(rest)?,
            "project" => self.project(rest)?,
            "ticks" => self.tick_all(rest)?,
            "mail" => self.mail(rest)?,
            "queue" => self.queue(rest)?,
            "reviewed" => self.reviewed(rest.trim_start_matches("by "))?,
            _ if line.contains(" pastes: ") => self.paste(line)?,
            _ => return self.command(line),
        }
        Ok(())
    }

    /// The refusal of the line before, if there was one; it counts as expected from now on.
    pub fn take_refusal(&mut self) -> Option<Refusal> {
        self.refused.take()
    }

    /// A refusal that nobody expected is a failure.
    pub fn leftovers(&self) -> Played {
        match &self.refused {
            Some(refusal) => Err(format!("refused, and nobody expected it: {refusal:?}")),
            None => Ok(()),
        }
    }

    fn at(&mut self, rest: &str) -> Played {
        let time: Timestamp = rest.parse().map_err(|e| format!("{rest}: {e}"))?;
        if self.stage.case.exists() {
            self.stage.advance(time);
        } else {
            self.stage.now = time;
        }
        Ok(())
    }

    fn on_call(&mut self, rest: &str) {
        let now = self.stage.now;
        let people = split(rest.trim_start_matches("call "));
        self.stage.basis.project.on_call = people.map(|p| project::duty(p, now)).collect();
    }

    fn holiday(&mut self, rest: &str) {
        let zone = self.stage.basis.project.calendar.zone().to_string();
        let days: Vec<String> = split(rest).map(String::from).collect();
        self.stage.basis.project.calendar = project::calendar(&zone, &days);
    }

    fn playbook(&mut self, rest: &str) -> Played {
        let (path, value) = rest.split_once('=').ok_or("playbook path = value")?;
        self.changes
            .push((path.trim().into(), json_of(value.trim())));
        self.stage.basis.playbook = project::playbook(&self.changes);
        Ok(())
    }

    /// `edition 2 alarm.ack_limit_minutes = 5`: a reviewed edition that the case may be moved to,
    /// like the one in force but for that value.
    fn edition(&mut self, rest: &str) -> Played {
        let (number, change) = rest.split_once(' ').ok_or("edition number path = value")?;
        let (path, value) = change
            .split_once('=')
            .ok_or("edition number path = value")?;
        let edition: u32 = number.parse().map_err(|e| format!("{number}: {e}"))?;
        let mut changes = self.changes.clone();
        changes.push(("edition".into(), edition.into()));
        changes.push((path.trim().into(), json_of(value.trim())));
        let book = project::playbook(&changes);
        let review = procedure::basis::Review::ByAnother;
        let name = book.name.clone();
        self.stage.editions.push(book);
        let listed = procedure::basis::ReviewedEdition {
            name,
            edition,
            review,
        };
        self.stage.basis.project.editions.push(listed);
        Ok(())
    }

    /// `project pager = false`, `project assets = [{…}]`: any field of the project, as JSON.
    fn project(&mut self, rest: &str) -> Played {
        let (field, value) = rest.split_once('=').ok_or("project field = json")?;
        let mut whole = serde_json::to_value(&self.stage.basis.project).expect("JSON");
        whole[field.trim()] = json_of(value.trim());
        self.stage.basis.project = serde_json::from_value(whole).map_err(|e| e.to_string())?;
        Ok(())
    }

    /// Who reviewed the playbook: `reviewed by nobody`, `reviewed one_person`.
    fn reviewed(&mut self, review: &str) -> Played {
        let review = serde_json::from_value(review.into()).map_err(|e| e.to_string())?;
        for edition in &mut self.stage.basis.project.editions {
            edition.review = review;
        }
        Ok(())
    }

    /// The report template as somebody pastes it into chat.
    fn paste(&mut self, line: &str) -> Played {
        let (who, pasted) = line.split_once(" pastes: ").ok_or("who pastes: text")?;
        let lines: Vec<&str> = pasted.split('|').map(str::trim).collect();
        let read = procedure::chapters::intake::template::read(&lines.join("\n"));
        let route = procedure::chapters::intake::Route::Chat;
        let report = read.into_report(route).ok_or("it says nothing")?;
        let Value::Object(mut fields) = serde_json::to_value(report).expect("JSON") else {
            return Err("a report is an object".into());
        };
        fields.retain(|_, value| !value.is_null());
        self.refused = self
            .stage
            .command(&actor(who), "report", fields, None)
            .err();
        Ok(())
    }

    fn mail(&mut self, rest: &str) -> Played {
        let fields = self.fields(rest)?;
        self.refused = mail::comes(&mut self.stage, &fields)?.err();
        Ok(())
    }

    fn queue(&mut self, rest: &str) -> Played {
        self.refused = mail::leaves(&mut self.stage, rest)?.err();
        Ok(())
    }

    /// `ticks ann`: ann ticks every line of the checklist that nobody has ticked.
    fn tick_all(&mut self, who: &str) -> Played {
        let phases = procedure::chapters::record::checklist::checklist(self.stage.at());
        let lines = phases.into_iter().flat_map(|phase| phase.items);
        for line in lines.filter(|line| line.tick.is_none()) {
            self.leftovers()?;
            self.command(&format!("{who}: tick_item item={}", line.id))?;
        }
        Ok(())
    }

    fn command(&mut self, line: &str) -> Played {
        let (head, rest) = line.split_once(':').ok_or("not a line of the language")?;
        let (name, when) = head.split_once('@').unwrap_or((head, ""));
        let happened_at = self.when(when.trim())?;
        let rest = rest.trim();
        let (command, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let fields = self.fields(fields)?;
        let actor = actor(name.trim());
        self.refused = self
            .stage
            .command(&actor, command, fields, happened_at)
            .err();
        Ok(())
    }

    /// The fields of a line; `last.note_added` is the last entry of that kind.
    fn fields(&self, text: &str) -> Result<Map<String, Value>, String> {
        fields_of(text, |kind| {
            let entries = self.stage.entries.iter();
            entries
                .rev()
                .find(|entry| entry.body.kind() == kind)
                .map(|entry| entry.seq)
        })
    }

    fn when(&self, when: &str) -> Result<Option<When>, String> {
        if when.is_empty() {
            return Ok(None);
        }
        let at = match when.strip_prefix('-') {
            Some(ago) => self.stage.now - duration_of(ago)?,
            None => when.parse().map_err(|e| format!("{when}: {e}"))?,
        };
        Ok(Some(When::exact(at)))
    }

    /// ```text
    /// expect refused [R54]          the line before was refused (by that rule)
    /// expect status confirmed | phase remediate | severity high | ic ann | no ic
    /// expect called bob | no call   by the contact sheet, since the line before
    /// expect responders ann bob     who is in the response
    /// expect told ann page          page, stand_down, received, taken, prompt, or an entry's kind
    /// expect told ann rings         whatever it is, it wakes her
    /// expect not told ann [page]
    /// expect entry went_silent | no entry went_silent        since the line before
    /// expect entry confirmed severity=low responders=["ann"]  with these fields
    /// expect harmed privacy potential ours | harmed integrity actual client farm | not harmed integrity
    /// expect policy cadence=every response=around_the_clock disruption=free
    /// expect noun event | suggests medium
    /// expect owes ann R26 [by 2026-03-02T03:10Z]
    /// expect not owed [ann] R26
    /// expect permit S-1 | no permit S-1 [R66]
    /// expect R26 done | late [5m] | waived | n/a | open | missing
    /// expect marked red             everything told since the line before carries that marking
    /// expect sees ann               who may see the case; `no sees dan`
    /// expect queued 1               so many mails wait to be looked at
    /// expect metric by kind         cases may be counted so; `no metric by reporter`
    /// expect shows ann /form/ic bob [to be read by ann] a field of a view; `nothing` if absent
    /// expect clean                  every rule was kept or does not apply
    /// expect broken R26 X38         exactly these are late, waived or missing
    /// ```
    fn expect(&mut self, what: &str) -> Played {
        let words: Vec<&str> = what.split_whitespace().collect();
        if words.first() == Some(&"refused") {
            return self.expect_refused(&words[1..]);
        }
        self.leftovers()?;
        let case = &self.stage.case;
        match words.as_slice() {
            ["status", status] => same(&name_of(&case.status()), status),
            ["phase", phase] => same(&name_of(&case.phase()), phase),
            ["severity", severity] => same(&name_of(&case.part.assess.severity), severity),
            ["no", "ic"] => same(&format!("{:?}", case.ic()), "None"),
            ["ic", person] => same(
                &case.ic().map_or("nobody".into(), ToString::to_string),
                person,
            ),
            ["responders", people @ ..] => {
                let responders: Vec<String> = (case.part.commander.responders.keys())
                    .map(ToString::to_string)
                    .collect();
                same(&responders.join(" "), &people.join(" "))
            }
            ["called", people @ ..] => same(&self.called().join(" "), &people.join(" ")),
            ["no", "call"] => same(&self.called().join(" "), ""),
            ["told", who, how @ ..] => truth(self.told(who, how.first()), "not told"),
            ["not", "told", who, how @ ..] => truth(!self.told(who, how.first()), "told"),
            ["entry", kind] => truth(self.has_entry(kind), "no such entry"),
            ["entry", kind, ..] => self.entry_says(kind, what),
            ["harmed", tag @ ..] => truth(
                self.tags().contains(&tag.join(" ")),
                &format!("{:?}", self.tags()),
            ),
            ["not", "harmed", what] => truth(
                !self.tags().iter().any(|tag| tag.starts_with(what)),
                "it is",
            ),
            ["policy", switches @ ..] => switches.iter().try_for_each(|switch| self.policy(switch)),
            ["noun", noun] => same(case.noun(), noun),
            ["suggests", severity] => same(&name_of(&assess::suggested(self.stage.at())), severity),
            ["no", "entry", kind] => truth(!self.has_entry(kind), "there is such an entry"),
            ["owes", who, rule, rest @ ..] => self.owes(who, rule, rest),
            ["not", "owed", rule] => self.not_owed(rule),
            ["not", "owed", who, rule] => truth(self.owes(who, rule, &[]).is_err(), "it is owed"),
            ["marked", marking] => self.marked(marking),
            ["sees", who] => truth(self.sees(who), "they do not see it"),
            ["no", "sees", who] => truth(!self.sees(who), "they see it"),
            ["queued", count] => same(&self.stage.queue.len().to_string(), count),
            ["metric", "by", name] => truth(group_by(name).is_ok(), "refused"),
            ["no", "metric", "by", name] => truth(group_by(name).is_err(), "allowed"),
            ["shows", who, field, value @ ..] => {
                same(&views::field(&self.stage, who, field), &value.join(" "))
            }
            ["permit", on] => self.permit(on, None, true),
            ["no", "permit", on, rest @ ..] => self.permit(on, rest.first().copied(), false),
            ["clean"] => self.clean(),
            ["broken", rules @ ..] => same(&self.broken().join(" "), &rules.join(" ")),
            [rule, outcome, rest @ ..] if is_rule(rule) => self.outcome(rule, outcome, rest),
            _ => Err("no such expectation".into()),
        }
    }

    fn expect_refused(&mut self, words: &[&str]) -> Played {
        let refusal = self.refused.take().ok_or("it was not refused")?;
        match words {
            [] => Ok(()),
            [rule] if is_rule(rule) => {
                same(refusal.rule.map_or("no rule", procedure::Rule::id), rule)
            }
            [kind] => same(&name_of(&refusal.kind), kind),
            _ => Err("expect refused [rule or kind]".into()),
        }
    }

    fn marked(&self, marking: &str) -> Played {
        let mark = self.stage.mark;
        let mut told = self
            .stage
            .told
            .iter()
            .filter(|(seq, _)| *seq > mark)
            .peekable();
        truth(told.peek().is_some(), "nothing was told")?;
        told.try_for_each(|(_, notice)| same(&name_of(&notice.marking), marking))
    }

    fn sees(&self, who: &str) -> bool {
        procedure::may_see(&self.stage.case, &self.stage.basis, &actor(who))
    }

    fn since_mark(&self) -> impl Iterator<Item = &procedure::Entry> {
        self.stage
            .entries
            .iter()
            .filter(|entry| entry.seq > self.stage.mark)
    }

    fn called(&self) -> Vec<String> {
        let called = self.since_mark().filter_map(|entry| match &entry.body {
            procedure::Body::Called(called) => Some(called.person.to_string()),
            _ => None,
        });
        called.collect()
    }

    fn has_entry(&self, kind: &str) -> bool {
        self.since_mark().any(|entry| entry.body.kind() == kind)
    }

    /// One switch of the policy set in force.
    fn policy(&self, switch: &str) -> Played {
        let (name, expected) = switch.split_once('=').ok_or("policy switch=value")?;
        let policy = assess::policy(self.stage.at());
        let found = match name {
            "cadence" => match policy.cadence {
                Cadence::Every { .. } => "every".into(),
                Cadence::BusinessDay(_) => "business_day".into(),
            },
            "response" => name_of(&assess::response(self.stage.at())),
            "disruption" => name_of(&policy.disruption),
            _ => return Err("cadence, response or disruption".into()),
        };
        same(&found, expected)
    }

    /// What is harmed, as lists are filtered: `privacy potential ours`.
    fn tags(&self) -> Vec<String> {
        let impact = self.stage.case.part.assess.impact();
        let tags = impact.map(assess::Impact::tags).unwrap_or_default();
        let words = |tag: &assess::Tag| {
            let whose = match &tag.whose {
                Some(assess::Whose::Ours) => "ours".into(),
                Some(assess::Whose::Client(client)) => format!("client {client}"),
                None => "nobody's".into(),
            };
            format!("{} {} {whose}", name_of(&tag.property), name_of(&tag.harm))
        };
        tags.iter().map(words).collect()
    }

    /// Some entry of that kind since the line before has all of these fields.
    fn entry_says(&self, kind: &str, what: &str) -> Played {
        let (_, fields) = what.split_once(kind).unwrap_or_default();
        let expected = self.fields(fields)?;
        let found: Vec<Value> = self
            .since_mark()
            .filter(|entry| entry.body.kind() == kind)
            .filter_map(|entry| serde_json::to_value(&entry.body).ok())
            .collect();
        let says = |found: &Value| {
            expected
                .iter()
                .all(|(name, value)| &found["body"][name] == value)
        };
        truth(found.iter().any(says), &format!("it says {found:?}"))
    }

    fn told(&self, who: &str, how: Option<&&str>) -> bool {
        let recent = self
            .stage
            .told
            .iter()
            .filter(|(seq, _)| *seq > self.stage.mark);
        let mut to_them = recent.filter(|(_, notice)| match &notice.to {
            Recipient::Person(person) => person.0 == who,
            Recipient::Stakeholder(stakeholder) => stakeholder.0 == who,
            Recipient::Reporter(_) => who == "reporter",
            Recipient::Pager => who == "pager",
        });
        to_them.any(|(seq, notice)| match how {
            None => true,
            Some(&"rings") => notice.page,
            Some(how) => self.says(*seq, &notice.what, how),
        })
    }

    fn says(&self, seq: u64, what: &Telling, how: &str) -> bool {
        let kind = self.stage.entries[seq as usize - 1].body.kind();
        match what {
            Telling::Entry => kind == how,
            Telling::Prompt { rule, .. } => how == "prompt" || rule.id() == how,
            Telling::Page { .. } => how == "page",
            Telling::RoundEnded { .. } => how == "round_ended",
            other => name_of(other) == how || kind == how,
        }
    }

    fn owes(&self, who: &str, rule: &str, rest: &[&str]) -> Played {
        let agenda = self.stage.agenda();
        let at = self.stage.at();
        let of_rule = agenda.obligations.iter().filter(|o| o.rule.id() == rule);
        let mut theirs = of_rule.filter(|o| {
            let by_name =
                name_of(&o.owner) == who || format!("{:?}", o.owner).to_lowercase() == who;
            by_name || at.asked(o).iter().any(|person| person.0 == who)
        });
        let fits = match rest {
            [] => theirs.next().is_some(),
            ["by", time] => {
                let time: Timestamp = time.parse().map_err(|e| format!("{time}: {e}"))?;
                theirs.any(|o| o.due == Some(time))
            }
            _ => return Err("expect owes who rule [by time]".into()),
        };
        truth(
            fits,
            &format!("not owed so; owed: {:#?}", agenda.obligations),
        )
    }

    fn not_owed(&self, rule: &str) -> Played {
        let agenda = self.stage.agenda();
        truth(
            agenda.obligations.iter().all(|o| o.rule.id() != rule),
            "it is owed",
        )
    }

    fn permit(&self, on: &str, rule: Option<&str>, allowed: bool) -> Played {
        let permits = self.stage.agenda().permits;
        let named = |p: &&procedure::Permit| p.on.as_deref() == Some(on) || p.command == on;
        let permit = permits.iter().find(named);
        let permit = permit.ok_or_else(|| format!("no permit {on}: {permits:#?}"))?;
        if let Some(rule) = rule {
            same(permit.rule.id(), rule)?;
        }
        truth(permit.allowed.is_some() == allowed, &format!("{permit:?}"))
    }

    /// Every rule was kept, or does not apply.
    fn clean(&self) -> Played {
        let findings = conformance(&self.stage.case, &self.stage.basis, self.stage.now);
        let clean = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Done { .. } | Outcome::NotApplicable { .. }
            )
        };
        let unclean = findings.iter().filter(|finding| !clean(&finding.outcome));
        let unclean: Vec<String> = unclean
            .map(|finding| format!("{}: {:?}", finding.rule, finding.outcome))
            .collect();
        truth(unclean.is_empty(), &unclean.join("\n    "))
    }

    /// The rules that are late, waived or missing, in the order of the report.
    fn broken(&self) -> Vec<&'static str> {
        let broken = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Late { .. } | Outcome::Waived { .. } | Outcome::Missing { .. }
            )
        };
        let findings = conformance(&self.stage.case, &self.stage.basis, self.stage.now);
        let broken = findings.iter().filter(|finding| broken(&finding.outcome));
        broken.map(|finding| finding.rule.id()).collect()
    }

    fn outcome(&self, rule: &str, expected: &str, rest: &[&str]) -> Played {
        let findings = conformance(&self.stage.case, &self.stage.basis, self.stage.now);
        let finding = findings.iter().find(|finding| finding.rule.id() == rule);
        let outcome = &finding.ok_or("no such rule")?.outcome;
        let (word, late) = match outcome {
            Outcome::Done { .. } => ("done", None),
            Outcome::Late { minutes, .. } => ("late", Some(*minutes)),
            Outcome::Waived { .. } => ("waived", None),
            Outcome::NotApplicable { .. } => ("n/a", None),
            Outcome::Open { .. } => ("open", None),
            Outcome::Missing { .. } => ("missing", None),
        };
        truth(word == expected, &format!("{outcome:?}"))?;
        match rest {
            [] => Ok(()),
            [minutes] => same(&format!("{}m", late.unwrap_or(0)), minutes),
            _ => Err("expect rule outcome [5m]".into()),
        }
    }
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn same(found: &str, expected: &str) -> Played {
    truth(found == expected, &format!("it is {found}"))
}

fn truth(holds: bool, otherwise: &str) -> Played {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

fn duration_of(text: &str) -> Result<SignedDuration, String> {
    text.trim().parse().map_err(|e| format!("{text}: {e}"))
}
