//! Coming in when everything else is away: two halves, kept by two people, then who they are and why.

use super::Role;
use super::gate::{Gate, LoginRefused};
use super::password;
use super::waiting::{HALF_MINUTES, Waiting};
use crate::desk::{BREAK_GLASS, DeskError, Passed, hash_of};
use procedure::Actor;

/// How a session by the break-glass account is called.
pub(super) const METHOD: &str = "break-glass";
/// What is said must have so many letters.
const FEWEST_LETTERS: usize = 3;

impl Gate {
    /// Makes the account, or other halves for it: each is shown this once, and both are needed.
    ///
    /// # Errors
    /// The desk's.
    pub async fn make_break_glass(&self, actor: Actor) -> Result<[String; 2], DeskError> {
        let half = || format!("{} {}", self.ids.human_code(), self.ids.human_code());
        let halves = [half(), half()];
        let (both, ids) = (plain(&halves.join(" ")), self.ids.clone());
        let hashed = self.apart(move || password::hash(&both, &ids)).await?;
        self.desk.make_break_glass(actor, hashed).await?;
        Ok(halves)
    }

    pub(super) async fn wait_for_reason(&self) -> Result<String, DeskError> {
        let kept = self.desk.break_glass_secret().await?;
        let secret = hash_of(&kept.unwrap_or_default());
        let waiting = Waiting::BreakGlass { secret };
        self.desk.wait(&waiting, HALF_MINUTES).await
    }

    /// Lets in whoever showed both halves and says who they are and why; for an hour, and everybody who must know is
    /// told. Answers the session's secret.
    ///
    /// # Errors
    /// Bad input where one of them is not said; over where it took too long.
    pub async fn break_glass(
        &self,
        token: &str,
        (who, why): (&str, &str),
        address: &str,
        device: &str,
    ) -> Result<String, LoginRefused> {
        for (field, said) in [("who", who), ("why", why)] {
            let letters = said.chars().filter(|c| c.is_alphanumeric()).count();
            if letters < FEWEST_LETTERS || said.len() > 2_000 {
                let sentence = "Say it in a few words: everybody who must know is told.";
                return Err(DeskError::BadInput {
                    field: field.to_owned(),
                    sentence: sentence.to_owned(),
                }
                .into());
            }
        }
        let (session, row) = self.new_session(METHOD, (address, device));
        let row = crate::desk::SessionRow {
            person: BREAK_GLASS.to_owned(),
            ..row
        };
        let said = (who.trim().to_owned(), why.trim().to_owned());
        let passed = self.desk.break_glass(token, said, row.until(Role::Admin));
        match passed.await? {
            Passed::In => {
                self.forget_tries(BREAK_GLASS, address);
                Ok(session)
            }
            Passed::Wrong | Passed::Over => Err(LoginRefused::Over),
        }
    }
}

/// Both halves as they are hashed, however they were typed.
pub(super) fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(|c| c.is_alphanumeric());
    letters.map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether the secret of a session still opens it is the desk's answer; this only says that a name is the account's.
pub(super) fn is_it(login: &str) -> bool {
    login.eq_ignore_ascii_case(BREAK_GLASS)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use super::*;
    use crate::auth::{Entered, Known};
    use crate::web::stage::Stage;

    async fn halves(stage: &Stage) -> [String; 2] {
        let actor = Known::owner().actor();
        stage.app.gate.make_break_glass(actor).await.unwrap()
    }

    async fn enter(stage: &Stage, password: &str) -> Result<Entered, LoginRefused> {
        let gate = &stage.app.gate;
        gate.log_in_choosing("Break-Glass", (password, None), "192.0.2.7", "x")
            .await
    }

    async fn half(stage: &Stage, halves: &[String; 2]) -> String {
        match enter(stage, &halves.join("")).await {
            Ok(Entered::BreakGlass(half)) => half,
            other => panic!("{other:?}"),
        }
    }

    async fn told(stage: &Stage) -> Vec<String> {
        let view = |view: &dyn crate::store::View| {
            let counts = view.outbox_counts()?;
            Ok::<_, crate::store::StoreError>(counts.into_values().sum::<u64>())
        };
        let (store, _) = stage.app.desk.store_and_clock();
        let n = store.read(view).await.unwrap();
        vec![String::new(); usize::try_from(n).unwrap()]
    }

    #[tokio::test]
    async fn one_half_opens_nothing_and_both_only_with_who_and_why() {
        let stage = Stage::new().await;
        let gate = &stage.app.gate;
        assert!(enter(&stage, "").await.is_err(), "there is none yet");
        let halves = halves(&stage).await;
        for wrong in [
            halves[0].as_str(),
            halves[1].as_str(),
            "",
            &format!("{} {}", halves[1], halves[0]),
        ] {
            assert!(
                matches!(enter(&stage, wrong).await, Err(LoginRefused::Wrong)),
                "{wrong}"
            );
        }
        let token = half(&stage, &halves).await;
        for said in [("", "mail is away"), ("Jo and Mo", " - ")] {
            assert!(
                gate.break_glass(&token, said, "192.0.2.7", "x")
                    .await
                    .is_err()
            );
        }
        let odd = gate.enter_code(&token, "123456", "192.0.2.7", "x").await;
        assert!(
            matches!(odd, Err(LoginRefused::Over)),
            "it is no sign-in that waits for a code"
        );
        let before = told(&stage).await.len();
        let said = ("Jo and Mo", "mail and directory are away");
        let session = gate
            .break_glass(&token, said, "192.0.2.7", "x")
            .await
            .unwrap();
        let known = gate.by_session(&session).await.unwrap().unwrap();
        assert!(known.is_admin());
        let people = told(&stage).await.len() - before;
        assert_eq!(
            people, 5,
            "ann, bob, dee and oz of the farm, eve of the mill"
        );
        let again = gate.break_glass(&token, said, "192.0.2.7", "x").await;
        assert!(matches!(again, Err(LoginRefused::Over)), "once");
        let hour = std::time::Duration::from_secs(3_600);
        stage.app.desk.clock().advance(hour).unwrap();
        assert!(
            gate.by_session(&session).await.unwrap().is_none(),
            "for an hour"
        );
        let checked = stage.app.desk.verify(None).await.unwrap();
        assert_eq!(checked.findings, Vec::<String>::new());
    }

    #[tokio::test]
    async fn nothing_else_opens_it() {
        let stage = Stage::new().await;
        let first = halves(&stage).await;
        let boss = stage.token("boss", "admin").await;
        let at = "/api/v1/accounts/break-glass";
        let patch = json!({ "password": "four words make it" });
        let patch = stage.request("PATCH", at, Some(&boss), Some(patch));
        assert_eq!(stage.send(patch).await.status, 403);
        let link = stage
            .post(&format!("{at}/password-link"), Some(&boss), json!({}))
            .await;
        assert_eq!(link.status, 403);
        let token = json!({ "name": "x", "person": "break-glass" });
        assert_eq!(
            stage
                .post("/api/v1/tokens", Some(&boss), token)
                .await
                .status,
            403
        );
        let made = stage
            .post("/api/v1/admin/break-glass", Some(&boss), json!({}))
            .await;
        assert_eq!(made.status, 403, "only on the server");
        let owner = Known::owner().actor();
        let new = crate::auth::NewToken {
            name: "x".into(),
            person: Some(BREAK_GLASS.into()),
            role: Role::Admin,
            scope: crate::auth::Scope::Admin,
            expires_at: None,
        };
        assert!(
            stage
                .app
                .gate
                .issue(owner.clone(), new, None)
                .await
                .is_err()
        );
        let set = stage
            .app
            .gate
            .set_password(owner, BREAK_GLASS, "another four words");
        assert!(set.await.is_err());
        let second = halves(&stage).await;
        assert!(enter(&stage, &first.join("")).await.is_err(), "replaced");
        let token = half(&stage, &second).await;
        let end = stage.request("DELETE", "/api/v1/admin/break-glass", Some(&boss), None);
        assert_eq!(stage.send(end).await.status, 204);
        let gate = &stage.app.gate;
        let late = gate
            .break_glass(&token, ("Jo and Mo", "late"), "x", "x")
            .await;
        assert!(matches!(late, Err(LoginRefused::Over)));
    }

    #[tokio::test]
    async fn it_is_no_first_admin() {
        let stage = Stage::new().await;
        halves(&stage).await;
        assert!(stage.app.gate.set_up_link().await.unwrap().is_some());
    }
}
