//! The command line: nouns and verbs over the same API that everybody uses, and what the
//! owner of a data directory does on the spot. Data goes to stdout, talk to stderr.

mod backup;
mod case;
mod client;
mod failure;
mod fields;
mod grafana_oncall;
mod help;
mod import;
mod kept;
mod local;
mod moving;
mod nearest;
mod on_call;
mod opsgenie;
mod pagerduty;
mod people;
mod playbook;
mod queue;
mod report;
mod review;
mod session;
mod suspicious;
mod times;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{FromArgMatches as _, Parser, Subcommand};
use serde_json::Value;

use client::Client;
use failure::{EXIT_CODES, Failure, Outcome};

/// Carries out an incident-response procedure: reports, calls, command, sitreps, evidence, lessons.
///
/// Without a command it serves the default data directory.
#[derive(Debug, Parser)]
#[command(name = "henhouse", version, after_help = EXIT_CODES)]
struct Cli {
    /// Where the server is.
    #[arg(
        long,
        global = true,
        env = "HENHOUSE_URL",
        default_value = "http://127.0.0.1:8400"
    )]
    url: String,
    /// Who asks: an API token.
    #[arg(long, global = true, env = "HENHOUSE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// In a drill, with an admin's token: act as this person.
    #[arg(long = "as", global = true, value_name = "PERSON")]
    acting_as: Option<String>,
    /// Print the answer as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a data directory.
    Serve(local::Serve),
    /// Open a drill in which the handbook's escaped-chickens case is half-way through.
    Demo(local::Demo),
    /// Look after a data directory: tokens and accounts.
    #[command(subcommand)]
    Admin(local::Admin),
    /// Check that nothing in a data directory was changed or lost.
    Verify(local::Data),
    /// Make the index anew from the journals. The directory must not be served meanwhile.
    Rebuild(local::Data),
    /// Make a backup, also while the installation is served.
    Backup(backup::Backup),
    /// Put a backup back into an empty data directory, or check one.
    Restore(backup::Restore),
    /// Move an installation between the file in its data directory and a PostgreSQL database.
    MigrateStore(moving::MigrateStore),
    /// Read, check, propose and review playbooks.
    #[command(subcommand)]
    Playbook(playbook::Playbook),
    /// Report something. No account is needed.
    Report(report::Report),
    /// Say what you did with a suspicious mail, and send it along. No account is needed.
    Suspicious(suspicious::Suspicious),
    /// Reports that wait on this device because no server was reached: read, send or discard them.
    Kept(kept::KeptReports),
    /// What is asked of you now, soonest first.
    Now,
    /// Take a case: "I have it".
    Ack(case::Number),
    /// Pass a call on to the next person.
    Pass(case::Number),
    /// Everything else that is done in cases.
    #[command(subcommand)]
    Case(case::Case),
    /// Mail that does not say that it is a report: look at it, and say what it is.
    #[command(subcommand)]
    Review(review::Review),
    /// The contact sheet of a project.
    #[command(subcommand)]
    Roster(people::Roster),
    /// Who is on call: schedules, standing in, swaps.
    #[command(subcommand)]
    OnCall(on_call::OnCall),
    /// Leave Opsgenie: read everything into a file, plan, and carry the plan out.
    #[command(subcommand)]
    Opsgenie(opsgenie::Opsgenie),
    /// Leave PagerDuty: read everything into a file, plan, and carry the plan out.
    #[command(subcommand, name = "pagerduty")]
    PagerDuty(pagerduty::PagerDuty),
    /// Leave Grafana OnCall: read everything into a file, plan, and carry the plan out.
    #[command(subcommand, name = "grafana-oncall")]
    GrafanaOnCall(grafana_oncall::GrafanaOnCall),
    /// Projects.
    #[command(subcommand)]
    Project(people::Project),
    /// Where you are signed in with a browser; with an admin's token, where somebody is.
    #[command(subcommand)]
    Session(session::Session),
    /// The clock of a drill.
    #[command(subcommand)]
    Drill(report::Drill),
    /// Any call of the API.
    Api(report::Api),
    /// Print completions for a shell.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// Whether somebody acts, in whose name it is recorded.
    fn acts(&self) -> bool {
        match self {
            Self::Report(_) | Self::Ack(_) | Self::Pass(_) => true,
            Self::Case(case) => case.acts(),
            _ => false,
        }
    }
}

impl Command {
    /// What was looked for, should it not be there.
    fn sought(&self) -> nearest::Sought {
        match self {
            Self::Ack(number) | Self::Pass(number) => number.sought(),
            Self::Case(case) => case.sought(),
            Self::Roster(roster) => roster.sought(),
            Self::Project(project) => project.sought(),
            Self::Playbook(playbook) => playbook.sought(),
            Self::Report(report) => report.sought(),
            _ => nearest::Sought::Nothing,
        }
    }
}

/// What every command over the API is given.
struct Asked {
    client: Client,
    acting_as: Option<String>,
    json: bool,
    url: String,
}

/// Runs the command line and answers its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let read = help::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("henhouse cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(carry_out(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // What it tells of may be a stranger's words.
            eprintln!("{}", report::steers_nothing(&failure.to_string()));
            failure.code()
        }
    }
}

async fn carry_out(cli: Cli) -> Outcome {
    let Cli {
        url,
        token,
        acting_as,
        json,
        command,
    } = cli;
    let command = match command.unwrap_or_else(|| Command::Serve(local::Serve::default())) {
        Command::Serve(serve) => return serve.run().await,
        Command::Demo(demo) => return demo.run().await,
        Command::Admin(admin) => return admin.run(json).await,
        Command::Verify(data) => return data.verify(json).await,
        Command::Rebuild(data) => return data.rebuild().await,
        Command::Backup(backup) => return backup.run(json).await,
        Command::Restore(restore) => return restore.run(json).await,
        Command::MigrateStore(moving) => return moving.run().await,
        Command::Playbook(playbook) if playbook.is_local() => return playbook.on_the_spot(),
        Command::Kept(kept) => return kept.run(&url, token, json).await,
        Command::Completion { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut help::command(), "henhouse", &mut script);
            out(String::from_utf8_lossy(&script).trim_end());
            return Ok(());
        }
        command => command,
    };
    if let Some(person) = acting_as.as_ref().filter(|_| !command.acts()) {
        return Err(Failure::Usage(format!(
            "--as says who acts, and this only reads. To see what {person} sees, use a token of \
             theirs: `henhouse admin token --name {person} --person {person}`."
        )));
    }
    let asked = Asked {
        client: Client::new(&url, token)?,
        acting_as,
        json,
        url,
    };
    queue::flush(&asked.client, &asked.url).await;
    let sought = command.sought();
    match over_the_api(&asked, command).await {
        Err(failure) => Err(nearest::hint(&asked, &sought, failure).await),
        done => done,
    }
}

async fn over_the_api(asked: &Asked, command: Command) -> Outcome {
    match command {
        Command::Report(report) => report.run(asked).await,
        Command::Now => report::now(asked).await,
        Command::Ack(number) => number.give(asked, "acknowledge").await,
        Command::Pass(number) => number.give(asked, "pass_on").await,
        Command::Case(case) => case.run(asked).await,
        Command::Review(review) => review.run(asked).await,
        Command::Suspicious(suspicious) => suspicious.run(asked).await,
        Command::Roster(roster) => roster.run(asked).await,
        Command::Opsgenie(opsgenie) => opsgenie.run(asked).await,
        Command::PagerDuty(pagerduty) => pagerduty.run(asked).await,
        Command::GrafanaOnCall(oncall) => oncall.run(asked).await,
        Command::OnCall(on_call) => on_call.run(asked).await,
        Command::Project(project) => project.run(asked).await,
        Command::Playbook(playbook) => playbook.run(asked).await,
        Command::Session(session) => session.run(asked).await,
        Command::Drill(drill) => drill.run(asked).await,
        Command::Api(api) => api.run(asked).await,
        _ => Err(Failure::Usage(
            "This command is carried out on the spot.".to_owned(),
        )),
    }
}

/// Writes to stdout. Whoever closed the other end has read enough: that is no failure.
fn out(text: impl std::fmt::Display) {
    use std::io::Write as _;
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

impl Asked {
    /// Prints an answer: as JSON where that was asked for, else as `say` puts it.
    fn print(&self, answer: &Value, say: impl FnOnce(&Value) -> String) {
        if self.json {
            out(format_args!("{answer:#}"));
        } else {
            out(report::steers_nothing(say(answer).trim_end()));
        }
    }
}
