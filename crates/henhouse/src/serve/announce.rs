//! What a server says when it listens.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Result;

use super::{Installation, Options};
use crate::auth::Gate;
use crate::desk::Joining;

/// Says where it listens and how it is used.
///
/// # Errors
/// Whether it is set up already cannot be read.
pub async fn announce(
    installation: &Installation,
    base_url: &str,
    listens: SocketAddr,
    options: &Options,
) -> Result<()> {
    // Before anything is said, so that whoever reads that it listens can rely on it.
    let joined = installation.desk.joining() == Joining::Joined;
    let link = match joined {
        true => Gate::new(installation.desk.clone()).set_up_link().await?,
        false => None,
    };
    // Whoever listens everywhere is reached at home too.
    let home = match listens.ip() {
        ip if ip.is_unspecified() && ip.is_ipv4() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let here = format!("http://{}", SocketAddr::new(home, listens.port()));
    println!("Henhouse listens on http://{listens}");
    if base_url != format!("http://{listens}") {
        println!("  people use it at  {base_url}");
    }
    if !joined {
        println!(
            "  WITHOUT ITS DATABASE: reports and taps on links are kept here, people are called, nothing else"
        );
    }
    println!("  data directory    {}", options.home.data.display());
    if let Some(database) = installation.desk.store_and_clock().0.shared() {
        println!("  database          {database}");
        println!(
            "  keys and exhibits stay in the data directory: nodes need the same root.key and share exhibits/"
        );
    }
    println!("  report something  {base_url}/report");
    if options.drill {
        println!("  DRILL: the clock moves only when told; nothing here is real");
        if options.config.mail.is_some() {
            println!(
                "  mail leaves to the team{}",
                match options.config.drill.mail_outside {
                    true => " and to everybody else whom its projects name ([drill] mail_outside)",
                    false =>
                        " only; what customers and reporters would get: henhouse case deliveries",
                }
            );
        }
    }
    if let Some(link) = link {
        println!("  set it up (once)  {base_url}/set-up/{link}");
    }
    let data =
        std::path::absolute(&options.home.data).unwrap_or_else(|_| options.home.data.clone());
    println!("  use it from a command line:");
    println!("    export HENHOUSE_URL={here}");
    println!(
        "    export HENHOUSE_DATA={}",
        in_a_shell(&data.display().to_string())
    );
    println!("    export HENHOUSE_TOKEN=$(henhouse admin token --name me --role admin)");
    if options.demo {
        println!("  then, to look around and to go on:");
        println!("    henhouse case view DR-1");
        println!("    henhouse case agenda DR-1");
        println!("    henhouse --as dave case do DR-1 start_step step=S-1");
        println!("    henhouse drill clock 30m");
        println!("    henhouse case deliveries DR-1");
    }
    Ok(())
}

/// Says how mail comes in.
pub fn mail(options: &Options, at: Option<SocketAddr>) {
    if let Some(at) = at {
        println!("  mail comes in at  {at}");
    }
    let settings = options.config.mail_in.iter();
    for (name, mailbox) in settings.flat_map(|settings| &settings.imap) {
        match options.drill {
            true => println!("  DRILL: the mailbox {name} is not read; what comes there is meant"),
            false => println!("  mail is read from {name} at {}", mailbox.host),
        }
    }
}

/// A path as one word of a shell.
fn in_a_shell(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}
