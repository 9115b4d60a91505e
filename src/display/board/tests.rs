use std::time::Duration;

use super::*;
use crate::display::course::tests::{progress, trained};

/// A word about a session of this name.
fn word(name: &str, iteration: u64, iterations: u64, trained_by: TrainedBy) -> Progress {
    Progress { session: name.into(), iterations, ..progress(iteration, trained_by) }
}

#[test]
fn one_session_has_a_bar_and_a_sentence_and_in_the_end_a_sentence_without_a_time() {
    let mut board = Board::new([("a".into(), 40)]);
    let start = Instant::now();
    board.hear(&word("a", 0, 40, TrainedBy::ThisCall), start);
    let later = start + Duration::from_secs(10);
    board.hear(&word("a", 20, 40, TrainedBy::ThisCall), later);
    let sentence = "session a: iteration 20 of 40, about 10 s left, test accuracy 50.0 % on 250 images";
    assert_eq!(board.text(later), sentence);
    let html = board.markup(later).into_string();
    assert!(html.contains("<progress value=\"20\" max=\"40\"") && html.contains(sentence), "{html}");

    let session = trained("a", 40);
    board.finish(&session);
    let percent = 100.0 * session.test_accuracy().unwrap();
    let done = format!("session a: 40 iterations done, test accuracy {percent:.2} %");
    assert!(board.has_ended());
    assert_eq!(board.text(later), done);
    let html = board.markup(later).into_string();
    assert!(html.starts_with(&format!("<div>{done}</div><img src=\"data:image/svg+xml;base64,")), "{html}");
    assert!(!html.contains("<progress"));
    // The same for a session that was resumed and heard of at other iterations, at any time.
    let mut other = Board::new([("a".into(), 40)]);
    other.hear(&word("a", 30, 40, TrainedBy::ThisCall), later);
    other.finish(&session);
    assert_eq!(other.markup(later + Duration::from_secs(99)).into_string(), html);
}

#[test]
fn a_session_from_the_store_is_one_sentence_and_no_curve() {
    let mut board = Board::new([("a".into(), 40)]);
    board.hear(&word("a", 40, 40, TrainedBy::EarlierCall), Instant::now());
    assert!(!board.has_trained());
    let session = trained("a", 40);
    board.finish(&session);
    let percent = 100.0 * session.test_accuracy().unwrap();
    let sentence = format!("session a: in the store already, loaded, test accuracy {percent:.2} %");
    assert_eq!(board.text(Instant::now()), sentence);
    assert_eq!(board.markup(Instant::now()).into_string(), format!("<div>{sentence}</div>"));
}

#[test]
fn nothing_waits_for_a_session_that_is_done() {
    let mut board = Board::new([("a".into(), 40), ("b".into(), 40)]);
    for name in ["a", "b"] {
        board.note(waiting_for(name));
    }
    board.finish(&trained("a", 40));
    let text = board.text(Instant::now());
    assert!(text.contains(&waiting_for("b")) && !text.contains(&waiting_for("a")), "{text}");
}

#[test]
fn a_plan_shows_its_own_progress_and_the_sessions_now_in_training() {
    let planned = (0..80).map(|number| (format!("40-{number}"), 40));
    let mut board = Board::new(planned);
    let start = Instant::now();
    for number in 0..30 {
        let name = format!("40-{number}");
        board.hear(&word(&name, 40, 40, TrainedBy::EarlierCall), start);
        board.finish(&trained("a", 40).named(name));
    }
    board.hear(&word("40-30", 0, 40, TrainedBy::ThisCall), start);
    board.hear(&word("40-31", 10, 40, TrainedBy::ThisCall), start);
    let later = start + Duration::from_secs(10);
    board.hear(&word("40-30", 20, 40, TrainedBy::ThisCall), later);
    board.hear(&word("40-31", 30, 40, TrainedBy::ThisCall), later);
    // 40 iterations in 10 s here, and 3200 - 1250 to go.
    let text = board.text(board.start + Duration::from_secs(10));
    let expected = "30 of 80 sessions done, 30 of them in the store already, loaded; iteration 1250 of 3200, about 488 s left";
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], expected);
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].starts_with("session 40-30: iteration 20 of 40, about"), "{text}");
    assert!(lines[2].starts_with("session 40-31: iteration 30 of 40, about"), "{text}");
    assert_eq!(board.markup(later).into_string().matches("<progress").count(), 3);

    board.end("interrupted");
    let text = board.text(later);
    assert!(text.starts_with("30 of 80 sessions done, 30 of them in the store already, loaded; iteration 1250 of 3200, interrupted\n"));
    assert!(!text.contains("left"), "{text}");
}

#[test]
fn the_final_state_of_a_plan_is_the_same_in_every_order() {
    let names = ["20-1", "40-1", "40-2"];
    let sessions = [20, 40, 40].map(|iterations| trained("a", iterations));
    let state = |order: [usize; 3]| {
        let mut board = Board::new(names.map(String::from).into_iter().zip([20, 40, 40]));
        for at in order {
            board.hear(&word(names[at], 0, sessions[at].iterations(), TrainedBy::ThisCall), Instant::now());
            board.note(format!("session {}: it does no better than guessing", names[at]));
        }
        for at in order {
            board.finish(&sessions[at].clone().named(names[at]));
        }
        (board.text(Instant::now()), board.markup(Instant::now()).into_string())
    };
    let (text, html) = state([0, 1, 2]);
    assert!(text.starts_with("3 sessions: 100 iterations done\nsession 20-1: it does no better"), "{text}");
    assert_eq!(state([2, 0, 1]), (text, html));

    let mut board = Board::new(names.map(String::from).into_iter().zip([20, 40, 40]));
    for (name, session) in names.iter().zip(&sessions) {
        board.hear(
            &word(name, session.iterations(), session.iterations(), TrainedBy::EarlierCall),
            Instant::now(),
        );
        board.finish(&session.clone().named(*name));
    }
    assert_eq!(board.text(Instant::now()), "3 sessions: in the store already, loaded");
}

#[test]
fn long_histories_are_drawn_as_means() {
    let one = |iteration| Evaluation { iteration, loss: 1.0, test_accuracy: iteration as f64 / 1000.0 };
    let history: Vec<Evaluation> = (1..=401).map(one).collect();
    let drawn = thinned(&history);
    assert_eq!(drawn.len(), 134); // three each, and two
    assert_eq!((drawn[0].iteration, drawn[0].test_accuracy), (3, 0.002));
    assert_eq!(drawn[133].iteration, 401);
    assert_eq!(thinned(&history[..200]), history[..200]);
    assert!(thinned(&[]).is_empty());
}
