//! Words that speak: notes, refusals, failures.

use rhai::{Dynamic, Map};

use super::{Call, Word};
use crate::explanation::What;
use crate::show::show;
use crate::stop::{Result, Stop};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "note",
        usage: "note(\"label\", value)",
        help: ("在依据中记一笔", "keeps a value in the explanation"),
        arguments: 2..=2,
        recorded: false,
        run: note,
    },
    Word {
        name: "refuse",
        usage: "refuse(\"code\")、refuse(\"code\", #{ over_by: x })",
        help: ("拒绝：这是一个答复，代码须在契约中声明", "refuses: an answer whose code the contract declares"),
        arguments: 1..=2,
        recorded: false,
        run: refuse,
    },
    Word {
        name: "fail",
        usage: "fail(\"message\")",
        help: ("报错：出现了不该有的情形", "says that this cannot be: a fault that a person must look at"),
        arguments: 1..=1,
        recorded: false,
        run: fail,
    },
];

fn note(call: &mut Call) -> Result<Dynamic> {
    let what = What::Note { label: call.text(0)?.chars().take(100).collect(), value: show(call.value(1)) };
    call.host.tape().push(what, call.place.clone());
    Ok(call.value(1).clone())
}

fn refuse(call: &mut Call) -> Result<Dynamic> {
    let data = if call.count() > 1 { call.map(1)? } else { Map::new() };
    Err(Stop::Refused { code: call.text(0)?, data }.into())
}

fn fail(call: &mut Call) -> Result<Dynamic> {
    Err(Stop::Failed(call.text(0)?.chars().take(500).collect()).into())
}
