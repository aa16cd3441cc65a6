//! What a server says when it listens.

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
    options: &Options,
) -> Result<()> {
    // Before anything is said, so that whoever reads that it listens can rely on it.
    let joined = installation.desk.joining() == Joining::Joined;
    let link = match joined {
        true => Gate::new(installation.desk.clone()).set_up_link().await?,
        false => None,
    };
    println!("Henhouse listens on {base_url}");
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
    println!("    export HENHOUSE_URL={base_url}");
    println!(
        "    export HENHOUSE_TOKEN=$(henhouse admin token --data {} --name me --role admin)",
        data.display()
    );
    Ok(())
}
