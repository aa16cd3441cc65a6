//! `GET /problems/{slug}`: what the `type` of a problem leads to.

use axum::http::header;
use axum::response::IntoResponse;

use crate::web::problem::KINDS;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// Explains a sort of problem.
pub(super) async fn show(call: Call) -> Answer {
    let slug = call.param("slug");
    let kind = KINDS.iter().find(|kind| kind.0 == slug);
    let (_, status, title, words) = kind.ok_or_else(|| Problem::not_found("sort of problem"))?;
    let text = format!("{title} ({status})\n\n{words}\n");
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn the_type_of_a_problem_leads_to_its_meaning() {
        let stage = Stage::new().await;
        let problem = stage.get("/api/v1/cases", None).await.json();
        let kind = problem["type"].as_str().unwrap_or_default().to_owned();
        let said = stage.get(&kind, None).await;
        assert_eq!(said.status, 200);
        assert!(said.text().contains("Bearer"), "{}", said.text());
        assert_eq!(stage.get("/problems/none", None).await.status, 404);
    }
}
