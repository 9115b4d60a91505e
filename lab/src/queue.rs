//! Things to do, which several threads take one by one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::Result;

/// Something to do.
type Task<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// Things to do, in order.
pub struct Queue<'a>(Mutex<VecDeque<Task<'a>>>);

impl<'a> Queue<'a> {
    /// Takes the first one first.
    pub fn new(tasks: impl IntoIterator<Item = Task<'a>>) -> Self {
        Self(Mutex::new(tasks.into_iter().collect()))
    }

    /// Does what nobody has taken yet, until nothing is left. After an error, nobody takes anything more.
    pub fn work(&self) -> Result<()> {
        while let Some(task) = self.next() {
            self.before(task)?;
        }
        Ok(())
    }

    /// Does something else. If it fails, nobody takes anything more.
    pub fn before(&self, task: impl FnOnce() -> Result<()>) -> Result<()> {
        task().inspect_err(|_| self.tasks().clear())
    }

    fn next(&self) -> Option<Task<'a>> {
        self.tasks().pop_front()
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, VecDeque<Task<'a>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::steps::both;

    #[test]
    fn two_threads_share_the_work() {
        let ((said, heard), done) = (mpsc::channel(), Mutex::new(Vec::new()));
        let note = &|name| done.lock().unwrap().push(name);
        // The first one waits for the second, so one thread alone would not end.
        let queue = Queue::new([
            Box::new(move || {
                heard.recv().map_err(|_| "the second one ended".to_owned())?;
                note("first");
                Ok(())
            }) as Task,
            Box::new(move || said.send(()).map_err(|_| "the first one ended".to_owned())),
            Box::new(move || {
                note("third");
                Ok(())
            }),
        ]);
        both(|| queue.work(), || queue.work()).unwrap();
        drop(queue);
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, ["first", "third"]);
    }

    #[test]
    fn after_an_error_nothing_more_is_taken() {
        let failed = || Err("a check failed".to_owned());
        let queue = Queue::new([Box::new(failed) as Task, Box::new(|| unreachable!("this was taken"))]);
        assert_eq!((queue.work(), queue.work()), (failed(), Ok(())));
    }
}
