//! The help text, by what a person wants to do.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// What people do, and the commands with which they do it.
const GROUPS: &[(&str, &[&str])] = &[
    ("Report", &["report", "suspicious", "kept"]),
    (
        "Respond",
        &[
            "now",
            "ack",
            "pass",
            "on-call",
            "review",
            "case",
            "case view",
            "case note",
            "case exhibit",
            "case sitrep",
            "case handoff",
        ],
    ),
    (
        "Decide",
        &[
            "case confirm",
            "case falsealarm",
            "case severity",
            "case close",
            "playbook review",
        ],
    ),
    (
        "Check",
        &["case report", "case conformance", "verify", "rebuild"],
    ),
    (
        "Administer",
        &[
            "serve",
            "admin",
            "roster",
            "opsgenie",
            "pagerduty",
            "grafana-oncall",
            "project",
            "session",
            "playbook",
            "backup",
            "restore",
            "migrate-store",
        ],
    ),
    ("Practise", &["demo", "drill"]),
    ("Script", &["api", "completion"]),
];

/// The command line with its help in groups.
pub(super) fn command() -> Command {
    let plain = Cli::command();
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (head, paths) in GROUPS {
        text.push_str(&format!("\n{head}:\n"));
        for path in *paths {
            text.push_str(&format!("  {path:17} {}\n", about(&plain, path)));
        }
    }
    text.push_str(
        "\nOptions:\n{options}\n\nEach has more to say: henhouse case --help{after-help}",
    );
    plain.help_template(text)
}

fn about(top: &Command, path: &str) -> String {
    let found = path
        .split(' ')
        .try_fold(top, |command, name| command.find_subcommand(name));
    let about = found.and_then(Command::get_about);
    about.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_a_group_and_every_group_names_commands() {
        let top = Cli::command();
        let named: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, paths)| paths.iter().copied())
            .collect();
        for command in top.get_subcommands() {
            assert!(
                named.contains(&command.get_name()),
                "{} is in no group",
                command.get_name()
            );
        }
        for path in named {
            assert!(
                !about(&top, path).is_empty(),
                "{path} is no command, or says nothing"
            );
        }
        let help = command().render_help().to_string();
        for words in ["Respond:\n", "--token", "Exit codes"] {
            assert!(help.contains(words), "{words}: {help}");
        }
    }
}
