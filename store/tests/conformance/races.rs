//! Many at once: one winner, nothing lost, nobody harmed by who goes away.
