//! Which data the case is judged by: the live project, and the pinned playbook.

use alloc::format;
use alloc::vec::Vec;

use super::BasisChanged;
use super::payload::{AdoptPlaybook, ChangeBasis, PlaybookAdopted};
use crate::basis::{Review, ReviewedEdition};
use crate::decide::{Decision, Gate, Refusal};
use crate::rule::Rule;
use crate::switch::on;

/// The desk tells an open case that its project was revised.
pub(super) fn change_basis(d: &mut Decision, change: &ChangeBasis) -> Result<(), Refusal> {
    if d.case().part.record.basis.as_ref() == Some(&change.basis) {
        return Err(Refusal::conflict("That basis is in force already.", "There is nothing to do."));
    }
    let ChangeBasis { basis, revision } = change.clone();
    d.record(BasisChanged { basis, revision, matters: Vec::new() });
    Ok(())
}

/// The IC moves the case to a newer edition; what arose before stays judged by the old one.
pub(super) fn adopt(d: &mut Decision, adopt: &AdoptPlaybook) -> Result<(), Refusal> {
    d.only_ic(Rule::X30)?;
    if adopt.edition <= d.at.playbook().edition {
        return Err(Refusal::conflict(
            format!("The case follows edition {} already.", d.at.playbook().edition),
            "Name a newer one.",
        ));
    }
    let editions = &d.at.project().editions;
    let Some(edition) = editions.iter().find(|e| e.edition == adopt.edition).cloned() else {
        return Err(Refusal::rule(
            Rule::X30,
            format!("Edition {} is not one that a case may follow.", adopt.edition),
            "Have it reviewed by somebody other than its author first.",
        ));
    };
    reviewed(d, &edition)?;
    clients_first(d, &edition)?;
    let ReviewedEdition { name, edition, review } = edition;
    d.record(PlaybookAdopted { name, edition, review, reason: adopt.reason.clone() });
    Ok(())
}

fn reviewed(d: &mut Decision, edition: &ReviewedEdition) -> Result<(), Refusal> {
    d.gate(Gate::Firm, edition.review != Review::Nobody, || {
        Refusal::rule(
            Rule::X30,
            "Nobody has reviewed that edition of the playbook.",
            "Have it reviewed by somebody other than its author first.",
        )
    })
}

/// Where the client has a procedure of their own, a case does not leave it for ours (X29).
fn clients_first(d: &mut Decision, edition: &ReviewedEdition) -> Result<(), Refusal> {
    let client = d.at.project().client_procedure.as_ref();
    let leaves = client.is_some_and(|client| {
        *client == d.at.playbook().name && *client != edition.name && on(Rule::X29)
    });
    d.gate(Gate::Firm, !leaves, || {
        Refusal::rule(
            Rule::X29,
            "The client's own procedure takes precedence over that playbook.",
            "Adopt a newer edition of the client's procedure.",
        )
    })
}
