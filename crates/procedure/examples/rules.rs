//! Prints the register of rules: id, name and section, tab-separated.

fn main() {
    for rule in procedure::Rule::ALL {
        println!("{}\t{}\t{}", rule.id(), rule.name(), rule.section());
    }
}
