//! The questions of the assessment (R10, R12, R39, X12).

use super::payload::{
    AnswerCriteria, AnswerQuestion, ContingencyDecided, CriteriaAnswered, DecideContingency,
    Question, QuestionAnswered,
};
use crate::access::responds;
use crate::chapters::contingency;
use crate::decide::{Decision, Gate, Refusal};
use crate::playbook::Answer;
use crate::rule::Rule;

pub(super) fn answer(d: &mut Decision, command: &AnswerQuestion) -> Result<(), Refusal> {
    let person = d.person()?;
    let AnswerQuestion { question, answer, which, note } = command;
    if *question != Question::WiderImpact && !responds(d.case(), d.at.basis, person) {
        return Err(Refusal::forbidden(
            None,
            "This question is for the response team.",
            "Say whether more of the organisation is hit; write anything else to the IC.",
        ));
    }
    let known = &d.at.project().dependencies;
    if which.iter().any(|id| !known.contains(id)) {
        return Err(Refusal::invalid(
            "The project's register has no such dependency.",
            "Name it in the note, or add it to the register.",
        ));
    }
    let blames = *question == Question::Dependency && *answer == Answer::Yes;
    let named = !blames || !which.is_empty() || note.is_some();
    d.gate(Gate::Firm, named, || {
        Refusal::rule(
            Rule::R10,
            "A dependency is blamed, and nobody has said which one.",
            "Name one of the register, or say in the note which one. Unknown is an answer too.",
        )
        .settled_by("answer_question", Some("question:dependency:which"))
    })?;
    let elsewhere = *question == Question::WiderImpact && *answer == Answer::Yes;
    d.gate(Gate::Firm, !elsewhere || note.is_some(), || {
        Refusal::rule(
            Rule::R118,
            "More is said to be hit, and nobody has said what.",
            "Say in the note what else, and who sees to it. Unknown is an answer too.",
        )
        .settled_by("answer_question", Some("question:wider_impact"))
    })?;
    let (which, note) = (which.clone(), note.clone());
    d.record(QuestionAnswered { question: *question, answer: *answer, which, note });
    Ok(())
}

pub(super) fn criteria(d: &mut Decision, command: &AnswerCriteria) -> Result<(), Refusal> {
    d.person()?;
    let playbook = &d.at.playbook().assessment;
    let criterion = |id: &&alloc::string::String| playbook.criteria.iter().any(|c| &&c.id == id);
    let pick = |id: &&alloc::string::String| playbook.picks.iter().any(|p| &&p.id == id);
    let known = command.answers.keys().all(|id| criterion(&id))
        && command.picks.iter().chain(&command.unpicked).all(|id| pick(&id));
    if !known {
        let criteria = playbook.criteria.iter().map(|criterion| criterion.id.as_str());
        let picks = playbook.picks.iter().map(|pick| pick.id.as_str());
        let sentence = "The playbook has no such criterion or example.";
        return Err(Refusal::not_among(sentence, criteria.chain(picks)));
    }
    if command.answers.is_empty() && command.picks.is_empty() && command.unpicked.is_empty() {
        return Err(Refusal::invalid("Nothing was answered.", "Answer at least one."));
    }
    let picked = || playbook.picks.iter().filter(|pick| command.picks.contains(&pick.id));
    d.record(CriteriaAnswered {
        answers: command.answers.clone(),
        picks: command.picks.clone(),
        unpicked: command.unpicked.clone(),
        raises_suspicion: picked().any(|pick| pick.raises_suspicion),
        restricts: picked().any(|pick| pick.restricts),
    });
    Ok(())
}

pub(super) fn contingency(d: &mut Decision, command: &DecideContingency) -> Result<(), Refusal> {
    d.person()?;
    d.only_ic(Rule::R12)?;
    if d.case().part.contingency.track.is_some() {
        return Err(contingency::is_active());
    }
    let DecideContingency { activate, reason } = command.clone();
    d.record(ContingencyDecided { activate, reason });
    Ok(())
}
