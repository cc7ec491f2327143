//! What a batch of commits must know before it may write. PostgreSQL locks the rows, always in the order of their keys.
//!
//! Rows are named by their keys alone. A condition on a state would let PostgreSQL choose an index that is made for lists.

use super::statements;

statements! {
    /// Versions of directories that commits only rely on: many may share them, none may change them meanwhile.
    DIRECTORIES [company text] =
        "SELECT s.company, s.head FROM r CROSS JOIN streams s \
         WHERE s.company = r.company AND s.stream = 'directory' ORDER BY s.company"
        postgres "FOR SHARE OF s";
    /// Directories that still have the version that commits rely on.
    DIRECTORIES_AT [company text, version bigint] =
        "SELECT s.company FROM r CROSS JOIN streams s \
         WHERE s.company = r.company AND s.stream = 'directory' AND s.head = r.version ORDER BY s.company"
        postgres "FOR SHARE OF s";
    /// How many rows the parts of `together::AT_ONCE` must touch that may not find theirs.
    COUNTS [directories bigint, streams bigint, instances bigint, tasks bigint] =
        "SELECT directories, streams, instances, tasks FROM r";
    /// Heads of the streams that commits write. Their locks stand for everything that belongs to the stream's instance.
    HEADS [company text, stream text] =
        "SELECT s.company, s.stream, s.head, s.hash FROM r CROSS JOIN streams s \
         WHERE s.company = r.company AND s.stream = r.stream ORDER BY s.company, s.stream"
        postgres "FOR UPDATE OF s";
    /// The same without a lock: what is made of it is compared by the statement that writes it.
    HEADS_SEEN [company text, stream text] =
        "SELECT s.company, s.stream, s.head, s.hash FROM r CROSS JOIN streams s \
         WHERE s.company = r.company AND s.stream = r.stream";
    RESPONSES [company text, actor text, key text] =
        "SELECT i.company, i.actor, i.key, i.status, i.request, i.body FROM r CROSS JOIN idempotency i \
         WHERE i.company = r.company AND i.actor = r.actor AND i.key = r.key";
    TASKS [company text, instance text, number bigint] =
        "SELECT t.company, t.instance, t.number, t.status, t.version FROM r CROSS JOIN tasks t \
         WHERE t.company = r.company AND t.instance = r.instance AND t.number = r.number";
    DRAFTS [company text, person text, key text] =
        "SELECT d.company, d.person, d.key, d.version FROM r CROSS JOIN drafts d \
         WHERE d.company = r.company AND d.person = r.person AND d.key = r.key \
         ORDER BY d.company, d.person, d.key"
        postgres "FOR UPDATE OF d";
    TIMERS [company text, instance text, number bigint] =
        "SELECT t.company, t.instance, t.number FROM r CROSS JOIN timers t \
         WHERE t.company = r.company AND t.instance = r.instance AND t.number = r.number";
    MESSAGES [company text, id text] =
        "SELECT o.company, o.id, o.state FROM r CROSS JOIN outbox o \
         WHERE o.company = r.company AND o.id = r.id ORDER BY o.company, o.id"
        postgres "FOR UPDATE OF o";
    NUMBERS [company text, register text, seq bigint] =
        "SELECT n.company, n.register, n.seq, n.state FROM r CROSS JOIN register_numbers n \
         WHERE n.company = r.company AND n.register = r.register AND n.seq = r.seq \
         ORDER BY n.company, n.register, n.seq"
        postgres "FOR UPDATE OF n";
    FILES [company text, id text] =
        "SELECT f.company, f.id, f.name, f.media_type, f.size, f.sha256, f.state, f.instance, f.uploaded_by, \
                f.uploaded_at, f.erased_at, f.erased_by, f.erased_rule, f.content \
         FROM r CROSS JOIN files f WHERE f.company = r.company AND f.id = r.id ORDER BY f.company, f.id"
        postgres "FOR UPDATE OF f";
    /// Facts that are there, each with the one that replaced it.
    FACTS [company text, kind text, id text] =
        "SELECT f.company, f.kind, f.id, \
                (SELECT n.id FROM facts n WHERE n.company = f.company AND n.kind = f.kind AND n.replaces = f.id) \
         FROM r CROSS JOIN facts f WHERE f.company = r.company AND f.kind = r.kind AND f.id = r.id";
    BALANCES [company text, account text, key text] =
        "SELECT b.company, b.account, b.key, b.posted, b.reserved, b.version FROM r CROSS JOIN balances b \
         WHERE b.company = r.company AND b.account = r.account AND b.key = r.key ORDER BY b.company, b.account, b.key"
        postgres "FOR UPDATE OF b";
    LOGINS [company text, login text] =
        "SELECT p.company, p.login, p.id FROM r CROSS JOIN people p \
         WHERE p.company = r.company AND p.login = r.login AND p.login IS NOT NULL";
    RELEASES [company text, hash text] =
        "SELECT x.company, x.hash FROM r CROSS JOIN releases x WHERE x.company = r.company AND x.hash = r.hash";
    COMPANIES [company text] =
        "SELECT c.company FROM r CROSS JOIN companies c WHERE c.company = r.company";
}
