//! A refusal is a sentence with its rule and its way out, and its promises are kept.

use procedure::{Actor, Order, Refusal, RefusalKind, Waive, decide};

use super::watch::Broken;
use crate::stage::Stage;

fn hold(invariant: &'static str, holds: bool, refusal: &Refusal) -> Result<(), Broken> {
    if holds {
        return Ok(());
    }
    let why = format!("{refusal:#?}");
    Err(Broken { invariant, why })
}

/// Checks a refusal of `order` that `actor` was just given.
pub fn check(stage: &Stage, actor: &Actor, order: &Order, refusal: &Refusal) -> Result<(), Broken> {
    let sentence = |text: &str| text.ends_with('.') && text.len() > 5;
    hold(
        "a refusal is a sentence",
        sentence(&refusal.sentence),
        refusal,
    )?;
    hold(
        "a refusal names its way out",
        sentence(&refusal.yes_when),
        refusal,
    )?;
    let ruled = refusal.kind != RefusalKind::Rule || refusal.rule.is_some();
    hold("a rule that refuses is named", ruled, refusal)?;
    let free = stage.case.part.assess.acts_freely();
    let acts = refusal.high_would_allow && free;
    hold("at High nothing stands before an act", !acts, refusal)?;
    if refusal.waivable {
        let rule = refusal.rule.expect("what can be waived is a rule");
        let mut waived = order.clone();
        waived.waive.push(Waive {
            rule,
            reason: "Because.".into(),
        });
        let again = decide(&stage.case, &stage.basis, stage.now, actor, &waived);
        let yields = again
            .err()
            .is_none_or(|again| again.rule != Some(rule) || !again.waivable);
        hold("a waiver opens the gate", yields, refusal)?;
    }
    Ok(())
}
