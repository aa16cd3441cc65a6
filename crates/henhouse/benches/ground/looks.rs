//! What a second look at a case costs: nobody serves its directory.

use std::hint::black_box;

use henhouse::desk::Onlooker;
use henhouse::serve::{Home, Installation};
use procedure::{Actor, How};

use crate::engine::per_call;

/// Measures the agenda of this case for whoever looks again within the same second.
pub fn measure(home: Home, number: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    runtime.block_on(async {
        let here = Installation::open(home, "http://localhost", false, None).await;
        let here = here.expect("nobody serves it");
        let jane = Onlooker {
            actor: Actor::person(&"jane".into(), How::Session),
            admin: false,
        };
        let number = number.parse().expect("xtask gives a number");
        let case = here.desk.case(&jane, &number).await.expect("it is there");
        let now = here.desk.now();
        let once = per_call(|| drop(black_box(case.agenda(black_box(now)))));
        println!("agenda_again_us {}", once * 1e6);
    });
}
