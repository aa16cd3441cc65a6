//! What may be done about each open step now, and why not.

use alloc::vec::Vec;

use super::start::obstacles;
use crate::agenda::Permit;
use crate::at::At;
use crate::chapters::disruption;
use crate::decide::Refusal;
use crate::rule::Rule;

pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    if at.case.is_over() {
        return;
    }
    let steps = at.case.part.work.steps.iter();
    for step in steps.filter(|step| step.is_open() && step.starts.is_empty()) {
        let consent = disruption::step_refusal(at, step);
        let obstacle = obstacles(at, step).into_iter().chain(consent).next();
        let free = at.case.part.assess.acts_freely();
        let (rule, allowed, refused) = match obstacle {
            None => (Rule::R46, Some("Nothing stands in the way: begin."), None),
            Some(obstacle) => {
                let rule = obstacle.rule.unwrap_or(Rule::R46);
                if free {
                    let noted = "Allowed at once; what is passed over is written down.";
                    (rule, Some(noted), None)
                } else {
                    let refusal = Refusal { high_would_allow: true, ..obstacle };
                    (rule, None, Some(refusal))
                }
            }
        };
        out.push(Permit {
            command: "start_step",
            on: Some(step.id.clone()),
            rule,
            allowed: allowed.map(Into::into),
            refused,
        });
    }
}
