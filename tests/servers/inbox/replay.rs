//! Dead letters, pushed again.

use std::collections::BTreeSet;

use zaphook::Verdict;

use super::engine::{Engine, database, file, texts};
use super::process::Log;
use super::stored;
use crate::block_on;
use crate::run::Run;
use crate::server::Folder;

pub(crate) fn pgmq_replayed(run: &Run) {
    let url = database(&run.postgres());
    replayed(run, "pgmq", &url);
}

pub(crate) fn file_replayed(run: &Run) {
    let folder = Folder::new();
    let url = file(&folder);
    replayed(run, "honker in a file", &url);
}

fn replayed(run: &Run, name: &str, url: &str) {
    const DEAD: usize = 100;

    let folder = Folder::new();
    let log = folder.file("log");
    let at = url.to_owned();
    let (first, second) = block_on(async {
        // In a task, so that the engine of a file may block.
        let replay = tokio::spawn(async move {
            let (engine, log) = (Engine::open(&at, 4).await, Log::open(&log));
            for index in 0..DEAD {
                engine.push(stored(&format!("dead_{index}"))).await.ok().unwrap();
            }
            loop {
                let taken = engine.take(50).await;
                if taken.is_empty() {
                    break;
                }
                for (id, stored) in taken {
                    let verdict = engine.give_up(&stored).await;
                    assert!(matches!(verdict, Verdict::Dead { .. }), "{verdict:?}");
                    engine.settle(id, &verdict).await;
                }
            }
            assert_eq!(engine.dead().await.len(), DEAD);
            let replays = (engine.replay().await, engine.replay().await);
            loop {
                let taken = engine.take(50).await;
                if taken.is_empty() {
                    break;
                }
                for (id, stored) in taken {
                    let verdict = engine.work(&stored, &log).await;
                    assert!(matches!(verdict, Verdict::Done), "{verdict:?}");
                    engine.settle(id, &verdict).await;
                }
            }
            replays
        });
        replay.await.unwrap()
    });
    let effects = block_on(texts(url, "select key from effects"));
    let once = effects.iter().collect::<BTreeSet<_>>().len();
    run.figure(
        &format!("{name}: {DEAD} dead letters replayed, pressed twice"),
        "all handled, none twice",
        &format!("{first} and {second} pushed; {once} handled once, {} not", effects.len() - once),
    );
    assert_eq!((first, second), (DEAD as u64, 0));
    assert_eq!((once, effects.len()), (DEAD, DEAD));
}
