//! Accounts, tokens, sessions, kept answers, settings.

use jiff::{SignedDuration, Timestamp};

use super::on_every_store;
use super::samples::{at, read, refused, write};
use crate::store::{
    Account, ChallengeRow, IdempotencyRow, PasskeyRow, SessionRow, Store, StoreError, TokenRow,
};

on_every_store!(
    a_login_belongs_to_one_account_whatever_its_case,
    a_token_is_found_by_its_hash_and_revoked_once,
    sessions_end_one_by_one_all_at_once_and_by_time,
    what_waits_ends_once_and_by_time,
    a_passkey_is_found_by_its_hash_and_by_its_person,
    an_answer_is_kept_once_per_actor_and_key,
    settings_are_replaced_whole,
    times_keep_their_microseconds_and_nothing_below,
    everything_about_access_is_listed_whole,
);

fn account(person: &str, login: &str) -> Account {
    Account {
        person: person.to_owned(),
        login: login.to_owned(),
        name: format!("The {person}"),
        email: None,
        role: "member".to_owned(),
        password: Some("$argon2id$".to_owned()),
        second_factor: Some(vec![1, 2]),
        disabled: false,
        created_at: at(0),
    }
}

fn token(mark: u8, person: &str) -> TokenRow {
    TokenRow {
        hash: [mark; 32],
        name: format!("token {mark}"),
        person: person.to_owned(),
        role: "member".to_owned(),
        scopes: vec!["report".to_owned(), "say \"hi\"".to_owned()],
        created_at: at(i64::from(mark)),
        expires_at: Some(at(100)),
        revoked_at: None,
    }
}

fn session(mark: u8, person: &str, expires: i64) -> SessionRow {
    SessionRow {
        hash: [mark; 32],
        person: person.to_owned(),
        method: "password".to_owned(),
        device: "a browser".to_owned(),
        address: format!("192.0.2.{mark}"),
        created_at: at(i64::from(mark)),
        seen_at: at(i64::from(mark)),
        expires_at: at(expires),
    }
}

fn a_login_belongs_to_one_account_whatever_its_case(store: &Store) {
    let jane = account("p1", "Jane");
    write(store, |tx| tx.put_account(&jane));
    assert_eq!(
        read(store, |view| view.account_by_login("jANE")),
        Some(jane.clone())
    );
    assert_eq!(read(store, |view| view.account("p1")), Some(jane));
    let error = refused(store, |tx| tx.put_account(&account("p2", "JANE")));
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    let renamed = Account {
        disabled: true,
        ..account("p1", "Ärni")
    };
    write(store, |tx| tx.put_account(&renamed));
    assert_eq!(
        read(store, |view| view.account_by_login("ärni")),
        Some(renamed)
    );
    write(store, |tx| tx.put_account(&account("p0", "jane")));
    let people = read(store, |view| view.accounts());
    assert_eq!(
        people.iter().map(|a| a.person.as_str()).collect::<Vec<_>>(),
        ["p0", "p1"]
    );
}

fn a_token_is_found_by_its_hash_and_revoked_once(store: &Store) {
    for row in [token(9, "p1"), token(3, "p1"), token(4, "p2")] {
        write(store, |tx| tx.put_token(&row));
    }
    assert_eq!(
        read(store, |view| view.token([3; 32])),
        Some(token(3, "p1"))
    );
    assert_eq!(read(store, |view| view.token([5; 32])), None);
    assert!(write(store, |tx| tx.revoke_token([3; 32], at(7))));
    assert!(write(store, |tx| tx.revoke_token([3; 32], at(8))));
    assert!(!write(store, |tx| tx.revoke_token([5; 32], at(8))));
    let of_p1 = read(store, |view| view.tokens_of("p1"));
    let seen: Vec<_> = of_p1
        .iter()
        .map(|row| (row.hash[0], row.revoked_at))
        .collect();
    assert_eq!(seen, [(3, Some(at(7))), (9, None)]);
}

fn sessions_end_one_by_one_all_at_once_and_by_time(store: &Store) {
    for row in [
        session(1, "p1", 10),
        session(2, "p1", 20),
        session(3, "p2", 30),
    ] {
        write(store, |tx| tx.put_session(&row));
    }
    let later = SessionRow {
        seen_at: at(5),
        ..session(3, "p2", 30)
    };
    write(store, |tx| tx.put_session(&later));
    assert_eq!(read(store, |view| view.session([3; 32])), Some(later));
    assert_eq!(read(store, |view| view.sessions_of("p1")).len(), 2);
    assert_eq!(write(store, |tx| tx.purge_sessions(at(9))), 0);
    assert_eq!(write(store, |tx| tx.purge_sessions(at(10))), 1);
    assert!(write(store, |tx| tx.end_session([2; 32])));
    assert!(!write(store, |tx| tx.end_session([2; 32])));
    assert_eq!(write(store, |tx| tx.end_sessions_of("p2")), 1);
    assert_eq!(read(store, |view| view.session([3; 32])), None);
}

fn what_waits_ends_once_and_by_time(store: &Store) {
    let waits = |mark: u8, expires: i64| ChallengeRow {
        hash: [mark; 32],
        state: vec![mark, 0, 255],
        expires_at: at(expires),
    };
    for row in [waits(1, 10), waits(2, 20), waits(2, 30)] {
        write(store, |tx| tx.put_challenge(&row));
    }
    assert_eq!(
        read(store, |view| view.challenge([2; 32])),
        Some(waits(2, 30))
    );
    assert_eq!(read(store, |view| view.challenge([3; 32])), None);
    assert_eq!(write(store, |tx| tx.purge_challenges(at(20))), 1);
    assert_eq!(read(store, |view| view.challenge([1; 32])), None);
    assert!(write(store, |tx| tx.end_challenge([2; 32])));
    assert!(!write(store, |tx| tx.end_challenge([2; 32])));
}

fn a_passkey_is_found_by_its_hash_and_by_its_person(store: &Store) {
    let passkey = |mark: u8, person: &str, state: &[u8]| PasskeyRow {
        hash: [mark; 32],
        person: person.to_owned(),
        state: state.to_vec(),
    };
    let rows = [
        passkey(2, "p1", b"second"),
        passkey(3, "p2", b"other"),
        passkey(1, "p1", &[0, 255]),
    ];
    for row in &rows {
        write(store, |tx| tx.put_passkey(row));
    }
    write(store, |tx| tx.put_passkey(&passkey(2, "p1", b"used")));
    assert_eq!(read(store, |view| view.passkey([4; 32])), None);
    let second = passkey(2, "p1", b"used");
    assert_eq!(
        read(store, |view| view.passkey([2; 32])),
        Some(second.clone())
    );
    let own = [rows[2].clone(), second];
    assert_eq!(read(store, |view| view.passkeys_of("p1")), own);
    let all = [own[0].clone(), own[1].clone(), rows[1].clone()];
    assert_eq!(read(store, |view| view.passkeys()), all);
    assert!(write(store, |tx| tx.end_passkey([1; 32])));
    assert!(!write(store, |tx| tx.end_passkey([1; 32])));
    assert_eq!(read(store, |view| view.passkeys_of("p1")).len(), 1);
}

fn an_answer_is_kept_once_per_actor_and_key(store: &Store) {
    let row = IdempotencyRow {
        actor: "p1".to_owned(),
        key: "k".to_owned(),
        command: [1; 32],
        answer: b"201".to_vec(),
        at: at(5),
    };
    write(store, |tx| tx.put_idempotency(&row));
    let other = IdempotencyRow {
        actor: "p2".to_owned(),
        ..row.clone()
    };
    write(store, |tx| tx.put_idempotency(&other));
    let error = refused(store, |tx| tx.put_idempotency(&row));
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    assert_eq!(read(store, |view| view.idempotency("p1", "k")), Some(row));
    assert_eq!(write(store, |tx| tx.purge_idempotency(at(5))), 0);
    assert_eq!(write(store, |tx| tx.purge_idempotency(at(6))), 2);
    assert_eq!(read(store, |view| view.idempotency("p1", "k")), None);
}

fn settings_are_replaced_whole(store: &Store) {
    assert_eq!(read(store, |view| view.setting("name")), None);
    write(store, |tx| tx.put_setting("name", b"old"));
    write(store, |tx| tx.put_setting("name", b""));
    assert_eq!(read(store, |view| view.setting("name")), Some(Vec::new()));
}

fn times_keep_their_microseconds_and_nothing_below(store: &Store) {
    let exact: Timestamp = at(0) + SignedDuration::from_nanos(1_234_567);
    write(store, |tx| {
        tx.put_session(&SessionRow {
            seen_at: exact,
            ..session(1, "p1", 9)
        })
    });
    let kept = read(store, |view| view.session([1; 32])).unwrap().seen_at;
    assert_eq!(kept, at(0) + SignedDuration::from_micros(1_234));
}

fn everything_about_access_is_listed_whole(store: &Store) {
    let tokens = [token(3, "p2"), token(9, "p1")];
    let sessions = [session(1, "p9", 1), session(2, "p1", 900)];
    let answer = |actor: &str, key: &str| IdempotencyRow {
        actor: actor.to_owned(),
        key: key.to_owned(),
        command: [1; 32],
        answer: vec![0, 255],
        at: at(5),
    };
    let answers = [answer("a", "k"), answer("a", "z"), answer("b", "k")];
    write(store, |tx| {
        tokens.iter().rev().try_for_each(|row| tx.put_token(row))?;
        sessions.iter().try_for_each(|row| tx.put_session(row))?;
        answers
            .iter()
            .rev()
            .try_for_each(|row| tx.put_idempotency(row))?;
        tx.put_setting("b", b"2")?;
        tx.put_setting("a", b"1")?;
        tx.put_setting("gone", b"3")
    });
    assert!(write(store, |tx| tx.forget_setting("gone")));
    assert!(!write(store, |tx| tx.forget_setting("gone")));
    assert_eq!(read(store, |view| view.tokens()), tokens);
    assert_eq!(read(store, |view| view.sessions()), sessions);
    assert_eq!(read(store, |view| view.answers()), answers);
    let settings = read(store, |view| view.settings());
    let settings: Vec<_> = settings.into_iter().collect();
    let expected = [("a", b"1"), ("b", b"2")].map(|(name, v)| (name.to_owned(), v.to_vec()));
    assert_eq!(settings, expected);
}
