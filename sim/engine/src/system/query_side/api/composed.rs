//! Answers that were composed of what the services said: the API passes them on. They are not kept in the cache, for what is
//! asked this way is asked to be new.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::system::context::Context;
use crate::system::queries::message::{Outcome, Reply};

use super::{QueryApi, send};

impl QueryApi {
    /// An answer is composed, or the failure to compose one.
    pub fn pass_on_composed(&mut self, reply: Reply, ctx: &mut Context<'_>) {
        match reply.outcome {
            // It says nothing that could be new or old.
            Outcome::Failed | Outcome::Refused => send(Arc::new(reply), Micros::ZERO, ctx),
            _ => self.answer(reply, Micros::ZERO, ctx),
        }
    }
}
