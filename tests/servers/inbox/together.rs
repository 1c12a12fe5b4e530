//! What is pushed at once shares a commit, and what is refused fails alone.

use super::engine::{Engine, database, execute, in_queue, texts};
use super::stored;
use crate::block_on;
use crate::run::Run;

const PUSHED: usize = 40;

pub(crate) fn together(run: &Run) {
    let url = database(&run.postgres());
    let (first, second, commits, left) = block_on(async {
        let refuse = "alter table pgmq.q_inbox add check (message->>'body' not like '%refused%')";
        execute(&url, refuse).await;
        let engine = Engine::open(&url, 4).await;
        let first = pushed(&engine, "good").await;
        let commits = texts(&url, "select distinct xmin::text from pgmq.q_inbox").await.len();
        let second = pushed(&engine, "refused").await;
        (first, second, commits, in_queue(&url).await)
    });
    run.figure(
        &format!("pgmq: {PUSHED} pushes at once, and {PUSHED} of which one is refused"),
        "few commits; the others are stored",
        &format!("{} stored by {commits} commits; {} stored", first.len(), second.len()),
    );
    assert_eq!((first.len(), second.len(), left), (PUSHED, PUSHED - 1, 2 * PUSHED - 1));
    assert!(!second.contains(&0), "the one that is refused was stored");
    assert!(commits <= PUSHED / 4, "{commits}");
}

/// Pushes them at once, the first by this name; gives which of them were stored.
async fn pushed(engine: &Engine, first: &str) -> Vec<usize> {
    let pushes = (0..PUSHED).map(|index| {
        let name = if index == 0 { first.to_owned() } else { format!("beside_{index}") };
        let engine = engine.clone();
        tokio::spawn(async move { engine.push(stored(&name)).await.is_ok().then_some(index) })
    });
    let mut stored = Vec::new();
    for push in pushes.collect::<Vec<_>>() {
        stored.extend(push.await.unwrap());
    }
    stored
}
