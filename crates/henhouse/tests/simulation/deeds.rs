//! What people do: they report, answer, command, and send again what was not answered.

use henhouse::delivery::message::MailMessage;
use henhouse::delivery::outcome::{Fault, Outcome};
use henhouse::desk::{Answered, DeskError, OneUse, OpenReport, Press};
use henhouse::store::{JournalId, JournalKind};
use jiff::SignedDuration;
use procedure::{Actor, Command, How, Order, Who};
use serde_json::{Value, json};

use super::farm::PEOPLE;
use super::ledger::{Taken, Tap};
use super::promises;
use super::sabotage::Sabotage;
use super::scheduler::{Held, World, of_the_store};

impl World {
    /// Somebody reports. If the answer does not come they try again later, with the same key.
    pub async fn report(&mut self) -> Held {
        let key = self.ledger.key();
        let mut report = json!({ "text": format!("The fox again, {key}.") });
        if self.chance.percent(15) {
            report["restricted"] = true.into();
        }
        self.send_report(key, report).await
    }

    /// By a program, or by somebody unknown, whose reports share their pages when there are many (M24).
    pub async fn send_report(&mut self, key: String, report: Value) -> Held {
        let by_program = key.ends_with(['1', '3', '5', '7', '9']);
        let actor = if by_program {
            Actor {
                who: Who::Service("fence".into()),
                how: How::Token("t".into()),
            }
        } else {
            Actor {
                who: Who::Reporter,
                how: How::Open,
            }
        };
        let open = OpenReport {
            mailed: None,
            actor,
            project: None,
            report: serde_json::from_value(report.clone()).unwrap(),
            happened_at: None,
            once: Some(OneUse {
                actor: "form".into(),
                key: key.clone(),
            }),
        };
        self.faults().lost();
        let answer = self.up().desk.open_report(open).await;
        let lost = self.faults().lost();
        self.note(format!(
            "report {key}: {:?}",
            answer.as_ref().map(|opened| &opened.number)
        ));
        match answer {
            Ok(opened) => {
                self.ledger.unanswered.remove(&key);
                if opened.waits {
                    self.reach("a report waited on a node's disk");
                }
                if opened.waits && lost {
                    self.reach("a report waited that was committed already");
                }
                let taken = self.ledger.accepted.entry(key).or_insert_with(|| Taken {
                    report,
                    answers: Vec::new(),
                    doubtful: false,
                });
                taken.doubtful |= lost;
                let known = taken.answers.iter().find(|before| !before.waits);
                let same = opened.waits || known.is_none_or(|before| *before == opened);
                let by_others = taken
                    .answers
                    .iter()
                    .any(|before| before.waits != opened.waits);
                let waits = opened.waits;
                taken.answers.push(opened);
                if waits && self.is_broken(Sabotage::ForgetsReports) {
                    self.forgets().await?;
                }
                if by_others {
                    self.reach("a key was answered with a number and with a receipt's");
                }
                if same {
                    Ok(())
                } else {
                    Err("a key was answered twice, differently".into())
                }
            }
            Err(error) if of_the_store(&error) => {
                if !self.ledger.accepted.contains_key(&key) {
                    self.ledger.unanswered.insert(key, report);
                }
                Ok(())
            }
            Err(other) => Err(format!("a report was refused: {other:?}")),
        }
    }

    /// A page is being tried again while somebody else answers: it has become pointless.
    pub async fn answered_meanwhile(&mut self) -> Held {
        let later = Outcome::Temporary {
            fault: Fault::Recipient,
            reason: "451 later".into(),
        };
        self.nodes.peer.answer("ann@example.org", later);
        self.report().await?;
        self.tick(self.here).await?;
        let cases = promises::journals(self, JournalKind::Case)?;
        if let Some(case) = cases.last() {
            let (key, bob) = (
                self.ledger.key(),
                Actor::person(&"bob".into(), How::Session),
            );
            let command = json!({ "command": "acknowledge" });
            self.submit(key, *case, bob, command).await?;
        }
        self.live(20).await
    }

    /// Somebody reads a page, in whatever order pages reach them and as often as they do, and presses.
    pub async fn press(&mut self) -> Held {
        let links = self.links(0);
        let press = match self.chance.below(10) {
            0..6 => Press::Take,
            6..8 => Press::Join,
            _ => Press::PassOn,
        };
        match self.chance.pick_any(&links) {
            Some(link) => self.press_on(link, press).await,
            None => Ok(()),
        }
    }

    /// Whoever was called to a new case takes it at once, on a node that has just lost the store: it is only noted, and
    /// nobody else knows.
    pub async fn press_where_it_is_only_noted(&mut self) -> Held {
        let before = self.nodes.peer.count();
        self.report().await?;
        self.tick(self.here).await?;
        let links = self.links(before);
        let Some(link) = links.first().cloned() else {
            return Ok(());
        };
        if self.nodes.is_shared() && self.chance.percent(80) {
            self.reach("a node was cut off from the store");
            self.faults().cut_off(true);
            let span = *self.chance.pick(&[5, 40, 400]);
            self.mends[self.here] = Some(self.now() + SignedDuration::from_secs(span));
        }
        self.press_on(link, Press::Take).await?;
        self.live(500).await
    }

    /// The links in the mails from there on: of which mail, and the token.
    fn links(&self, from: usize) -> Vec<(usize, String)> {
        let mails = self.nodes.peer.sent_after(from);
        let link = |(place, mail): (usize, &MailMessage)| {
            let (_, rest) = mail.text.split_once("/ack/")?;
            Some((from + place, rest.split_whitespace().next()?.to_owned()))
        };
        mails.iter().enumerate().filter_map(link).collect()
    }

    async fn press_on(&mut self, (place, token): (usize, String), press: Press) -> Held {
        if !self.ledger.read.insert(place) {
            self.reach("a page was read twice");
        }
        if self.ledger.read.iter().next_back() != Some(&place) {
            self.reach("a page was read after a later one");
        }
        let mail = self.nodes.peer.sent_after(place).swap_remove(0);
        let answer = self.up().desk.press(&token, press).await;
        let said = match &answer {
            Ok(Answered::Known(called)) => format!("{:?}", called.stands),
            Ok(Answered::Noted(_)) => "noted".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        self.note(format!(
            "{press:?} on page {place} of {}: {said}",
            mail.to.address
        ));
        match answer {
            Ok(answered) => {
                let noted = matches!(answered, Answered::Noted(_));
                if noted {
                    self.reach("a tap waited on a node's disk");
                }
                let now = self.now();
                self.ledger.taps.push(Tap {
                    notice: mail.notice_id,
                    press,
                    at: now,
                    waits_on: noted.then_some(self.here),
                    by: now,
                });
                if noted && self.is_broken(Sabotage::ForgetsTaps) {
                    self.forgets().await?;
                }
                Ok(())
            }
            Err(DeskError::Refused(_) | DeskError::NotFound(_)) => Ok(()),
            Err(error) if of_the_store(&error) => Ok(()),
            Err(other) => Err(format!("{press:?}: {other:?}")),
        }
    }

    /// Somebody does something with a case.
    pub async fn command(&mut self) -> Held {
        let cases = promises::journals(self, JournalKind::Case)?;
        let Some(case) = self.chance.pick_any(&cases) else {
            return Ok(());
        };
        let text = "So it is.";
        let impact =
            json!({ "confidentiality": "none", "integrity": "actual", "availability": "none" });
        let commands = [
            json!({ "command": "acknowledge" }),
            json!({ "command": "acknowledge" }),
            json!({ "command": "join" }),
            json!({ "command": "pass_on" }),
            json!({ "command": "record_fact", "text": text }),
            json!({ "command": "raise_suspicion", "reason": text }),
            json!({ "command": "confirm", "severity": "high", "reason": text, "impact": impact }),
            json!({ "command": "confirm", "severity": "low", "reason": text, "impact": impact }),
            json!({ "command": "false_alarm", "reason": text }),
            json!({ "command": "publish_sitrep", "summary": text }),
            json!({ "command": "add_step", "text": text, "owner": "bob" }),
            json!({ "command": "set_severity", "severity": "medium", "reason": text }),
            json!({ "command": "restrict", "reason": text }),
            json!({ "command": "take_over", "reason": text }),
            json!({ "command": "confirm_take_over" }),
        ];
        let command = self.chance.pick(&commands).clone();
        let actor = Actor::person(&(*self.chance.pick(PEOPLE)).into(), How::Session);
        let key = self.ledger.key();
        self.submit(key, case, actor, command).await
    }

    async fn submit(&mut self, key: String, case: JournalId, actor: Actor, command: Value) -> Held {
        let once = OneUse {
            actor: format!("{:?}", actor.who),
            key: key.clone(),
        };
        let order = Order::from(serde_json::from_value::<Command>(command.clone()).unwrap());
        let answer = self
            .up()
            .desk
            .submit(case, actor.clone(), order, Some(once))
            .await;
        self.note(format!(
            "{key} {:?} {} {answer:?}",
            actor.who, command["command"]
        ));
        match answer {
            Ok(answer) => {
                let before = self
                    .ledger
                    .answered
                    .insert(key, (case, actor, command, answer.clone()));
                let same = before.is_none_or(|(.., before)| before == answer);
                if same {
                    Ok(())
                } else {
                    Err("a key was answered twice, differently".into())
                }
            }
            Err(DeskError::Refused(_) | DeskError::NotFound(_)) => Ok(()),
            Err(error) if of_the_store(&error) => Ok(()),
            Err(other) => Err(format!("{command}: {other:?}")),
        }
    }

    /// Somebody sends once more what they have sent before, to whichever node.
    pub async fn again(&mut self) -> Held {
        self.reach("a key was used again");
        let unanswered: Vec<_> = self.ledger.unanswered.clone().into_iter().collect();
        if let Some((key, report)) = self.chance.pick_any(&unanswered) {
            return self.send_report(key, report).await;
        }
        let accepted: Vec<_> = self.ledger.accepted.clone().into_iter().collect();
        let answered: Vec<_> = self.ledger.answered.clone().into_iter().collect();
        match (
            self.chance.pick_any(&accepted),
            self.chance.pick_any(&answered),
        ) {
            (Some((key, taken)), _) if self.chance.percent(50) => {
                self.send_report(key, taken.report).await
            }
            (_, Some((key, (case, actor, command, _)))) => {
                self.submit(key, case, actor, command).await
            }
            _ => Ok(()),
        }
    }
}
