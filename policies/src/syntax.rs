//! What is wrong with a script that does not parse, in words.
//!
//! The engine words its errors in English, for programmers. Here each kind has a sentence of ours; what a later engine adds
//! keeps its own words, in brackets behind one of ours.

use rhai::{LexError, ParseErrorType};
use zhupi_domain::Text;

/// A sentence and what to do about it.
pub(crate) type Words = (Text, Option<Text>);

fn said(zh: impl Into<String>, en: impl Into<String>) -> Words {
    (Text::new(zh, en), None)
}

fn with(words: Words, zh: impl Into<String>, en: impl Into<String>) -> Words {
    (words.0, Some(Text::new(zh, en)))
}

/// The words for a kind of error.
pub(crate) fn words(kind: &ParseErrorType) -> Words {
    match kind {
        ParseErrorType::BadInput(error) => input(error),
        ParseErrorType::ExprTooDeep => with(
            said("表达式嵌套过深", "the expression is nested too deeply"),
            "拆成几步来写",
            "write it in several steps",
        ),
        ParseErrorType::TooManyFunctions => said("函数过多", "there are too many functions"),
        ParseErrorType::LiteralTooLarge(_, most) => {
            said(format!("列表或记录的项数超过上限 {most}"), format!("a list or record has more than {most} entries"))
        }
        ParseErrorType::LoopBreak => said("break 和 continue 只能写在循环里", "break and continue stand inside a loop"),
        ParseErrorType::WrongDocComment => with(
            said("/// 注释只能写在函数前面", "a comment with /// stands right before a function"),
            "普通注释用 //",
            "use // for other comments",
        ),
        kind => missing(kind).or_else(|| name(kind)).or_else(|| function(kind)).unwrap_or_else(|| other(kind)),
    }
}

/// Something that should stand there.
fn missing(kind: &ParseErrorType) -> Option<Words> {
    Some(match kind {
        ParseErrorType::UnexpectedEOF => with(
            said("脚本不完整", "the script is incomplete"),
            "检查括号、花括号和引号是否成对",
            "check that brackets, braces and quotes come in pairs",
        ),
        ParseErrorType::MissingToken(token, purpose) => token_missing(token, purpose),
        ParseErrorType::MissingSymbol(_) => said("这里缺少一个符号", "a symbol is missing here"),
        ParseErrorType::PropertyExpected => said("点号或记录里应为字段名", "the name of a field should stand here"),
        ParseErrorType::VariableExpected => said("这里应为变量名", "the name of a variable should stand here"),
        ParseErrorType::ExprExpected(_) => said("这里应为一个值或表达式", "a value or expression should stand here"),
        ParseErrorType::MismatchedType(_, found) => {
            said(format!("这里的值类型不对：{}", kind_word(found)), format!("a value of another kind: {found}"))
        }
        _ => return None,
    })
}

fn token_missing(token: &str, purpose: &str) -> Words {
    let (zh, en) = PURPOSES
        .iter()
        .find(|(beginning, ..)| purpose.starts_with(beginning))
        .map_or(("", ""), |(_, zh, en)| (*zh, *en));
    said(format!("这里应有 `{token}`{zh}"), format!("`{token}` should stand here{en}"))
}

/// How the engine says what a missing token is for.
const PURPOSES: &[(&str, &str, &str)] = &[
    ("to terminate this statement", "，以结束这个语句", " to end the statement"),
    ("to terminate this block", "，以结束这个代码块", " to end the block"),
    ("to start a statement block", "，以开始一个代码块", " to begin a block"),
    ("to close the arguments list", "，以结束函数的参数", " to end the arguments of the call"),
    ("to separate the arguments", "，以分隔函数的参数", " between the arguments of the call"),
    ("to separate the items of this array", "，以分隔列表的各项", " between the entries of the list"),
    ("to separate the items of this object", "，以分隔记录的各字段", " between the fields of the record"),
    ("to follow the property", "，字段名后面用冒号", " after the name of the field"),
    ("to close the parameters list", "，以结束参数表", " to end the parameters"),
    ("for a matching [", "，与前面的 [ 对应", " to match the [ before"),
    ("for a matching (", "，与前面的 ( 对应", " to match the ( before"),
    ("to end this array", "，以结束列表", " to end the list"),
    ("to end this object", "，以结束记录", " to end the record"),
    ("after the iteration variable", "，写作 for 变量 in 列表", " after the variable of the loop"),
    ("to close the iteration variable", "，以结束循环变量", " to end the variables of the loop"),
];

/// What the engine calls a kind of value.
fn kind_word(found: &str) -> String {
    let word = match found {
        "bool" => "是非值",
        "i64" | "int" => "整数",
        "decimal" => "小数",
        "string" | "&str" => "文本",
        "array" => "列表",
        "map" => "记录",
        other => return other.to_owned(),
    };
    word.to_owned()
}

/// A name that cannot be used, or not here.
fn name(kind: &ParseErrorType) -> Option<Words> {
    Some(match kind {
        ParseErrorType::VariableUndefined(name) => with(
            said(format!("变量 `{name}` 没有定义"), format!("there is no variable `{name}`")),
            "输入须写在 fn main(...) 的括号里；函数看不到外面的变量",
            "inputs are listed in fn main(…); a function does not see variables outside it",
        ),
        ParseErrorType::ModuleUndefined(name) => {
            said(format!("没有名为 `{name}` 的模块"), format!("there is no module `{name}`"))
        }
        ParseErrorType::VariableExists(name) | ParseErrorType::DuplicatedVariable(name) => with(
            said(format!("变量 `{name}` 已经存在，不能再次声明"), format!("there already is a variable `{name}`")),
            "换一个名称，或去掉 let 直接赋值",
            "choose another name, or assign to it without `let`",
        ),
        ParseErrorType::ForbiddenVariable(name) => {
            said(format!("变量不能叫 `{name}`"), format!("a variable cannot be called `{name}`"))
        }
        ParseErrorType::Reserved(word) => with(
            said(
                format!("`{word}` 是保留字，不能用在这里"),
                format!("`{word}` is a reserved word and cannot be used here"),
            ),
            "换一个名称",
            "choose another name",
        ),
        ParseErrorType::DuplicatedProperty(name) => {
            said(format!("记录里的字段 `{name}` 重复"), format!("the record has the field `{name}` twice"))
        }
        ParseErrorType::UnknownOperator(operator) => {
            said(format!("没有运算符 `{operator}`"), format!("there is no operator `{operator}`"))
        }
        ParseErrorType::AssignmentToConstant(name) if !name.is_empty() => {
            said(format!("`{name}` 是常量，不能修改"), format!("`{name}` is a constant and cannot be changed"))
        }
        ParseErrorType::AssignmentToConstant(_) | ParseErrorType::AssignmentToInvalidLHS(_) => with(
            said("等号左边不能赋值", "what stands left of = cannot be given a value"),
            "比较用 ==，赋值的左边写变量或字段",
            "compare with ==; a variable or field stands left of =",
        ),
        ParseErrorType::MalformedIndexExpr(_) => with(
            said("方括号里的下标不对", "this cannot stand between square brackets"),
            "列表用整数下标，记录用字段名",
            "a list takes a whole number, a record the name of a field",
        ),
        ParseErrorType::MalformedCapture(_) => said("这里不能用 !( 调用", "a call with !( cannot stand here"),
        _ => return None,
    })
}

/// A function that is not written as it must be.
fn function(kind: &ParseErrorType) -> Option<Words> {
    Some(match kind {
        ParseErrorType::WrongFnDefinition => {
            said("函数只能写在最外层", "a function cannot stand inside a block or another function")
        }
        ParseErrorType::FnDuplicatedDefinition(name, _) => {
            said(format!("函数 `{name}` 重复定义"), format!("there already is a function `{name}`"))
        }
        ParseErrorType::FnMissingName => said("fn 后面应为函数名", "the name of the function should stand after fn"),
        ParseErrorType::FnMissingParams(name) => with(
            said(format!("函数 `{name}` 缺少参数表"), format!("the function `{name}` has no parameters")),
            format!("写作 fn {name}()"),
            format!("write fn {name}()"),
        ),
        ParseErrorType::FnDuplicatedParam(name, param) => said(
            format!("函数 `{name}` 的参数 `{param}` 重复"),
            format!("the function `{name}` has the parameter `{param}` twice"),
        ),
        ParseErrorType::FnMissingBody(name) => with(
            said(format!("函数 `{name}` 缺少函数体"), format!("the function `{name}` has no body")),
            "函数体写在 { } 里",
            "a body stands between { }",
        ),
        ParseErrorType::WrongExport => said("export 只能写在最外层", "export stands outside functions and blocks"),
        _ => return None,
    })
}

/// Letters that the engine cannot make anything of.
fn input(error: &LexError) -> Words {
    match error {
        LexError::UnexpectedInput(found) => unexpected(found),
        LexError::UnterminatedString => with(
            said("文本没有结束", "a text is not closed"),
            "在结尾加上引号；文本不能换行",
            "add the closing quote; a text ends on its line",
        ),
        LexError::StringTooLong(most) => {
            said(format!("文本太长，最多 {most} 字节"), format!("a text is longer than {most} bytes"))
        }
        LexError::MalformedEscapeSequence(found) => with(
            said(format!("转义 `{found}` 写得不对"), format!("there is no escape `{found}`")),
            "反斜杠本身写作 \\\\",
            "a backslash itself is written \\\\",
        ),
        LexError::MalformedNumber(found) => {
            said(format!("数字 `{found}` 写得不对"), format!("`{found}` is not how a number is written"))
        }
        LexError::MalformedChar(_) => with(
            said("单引号里只能有一个字符", "single quotes hold one character"),
            "文本用双引号",
            "a text stands between double quotes",
        ),
        LexError::MalformedIdentifier(found) => {
            said(format!("`{found}` 不能用作名称"), format!("`{found}` cannot be a name"))
        }
        LexError::ImproperSymbol(symbol, _) => {
            let words = said(format!("没有符号 `{symbol}`"), format!("there is no symbol `{symbol}`"));
            match MEANT.iter().find(|(found, _)| found == symbol) {
                Some((_, meant)) => with(words, format!("是不是 `{meant}`？"), format!("did you mean `{meant}`?")),
                None => words,
            }
        }
        other => said(format!("语法错误（{other}）"), format!("syntax error: {other}")),
    }
}

/// What authors who come from other languages write, and what they mean.
const MEANT: &[(&str, &str)] = &[
    ("===", "=="),
    ("!==", "!="),
    ("<-", "<="),
    (":=", "="),
    (":;", "::"),
    ("::<", "::"),
    ("(*", "/*"),
    ("*)", "*/"),
    ("#", "#{"),
    ("# {", "#{"),
];

/// The words for a sign of a Chinese keyboard, which is what is wrong wherever one stands beside an error.
pub(crate) fn full_width(letter: char) -> Option<Words> {
    half_width(letter).map(|_| unexpected(&letter.to_string()))
}

fn unexpected(found: &str) -> Words {
    let letter = found.chars().next().unwrap_or_default();
    let shown = if letter.is_control() || is_invisible(letter) { code_point(letter) } else { format!("`{found}`") };
    let words = said(format!("这里不应出现 {shown}"), format!("{shown} cannot stand here"));
    match half_width(letter) {
        Some(half) => with(words, format!("请用半角的 `{half}`"), format!("use the plain `{half}`")),
        None if words.0.zh.contains("U+") => {
            with(words, "这个字符看不见，请删除", "the character cannot be seen: delete it")
        }
        None => words,
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}')
}

/// What a Chinese keyboard writes instead of a sign of the script.
fn half_width(letter: char) -> Option<char> {
    Some(match letter {
        '，' | '、' => ',',
        '。' => '.',
        '；' => ';',
        '：' => ':',
        '“' | '”' | '「' | '」' => '"',
        '‘' | '’' => '\'',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0)?,
        _ => return None,
    })
}

/// A kind that is not in the list above.
fn other(kind: &ParseErrorType) -> Words {
    said(format!("语法错误（{kind}）"), format!("syntax error: {kind}"))
}

#[cfg(test)]
mod tests {
    use zhupi_domain::Locale;

    /// What an author reads about a script that does not parse.
    fn told(script: &str) -> (String, String, Option<String>) {
        let parsed = crate::checks::parse(script, "x.rhai", &crate::Libraries::default());
        let found = parsed.map(drop).expect_err(script).remove(0);
        let hint = found.hints.first().map(|hint| hint.zh.clone());
        (found.message.zh.clone(), found.message.get(Locale::En).to_owned(), hint)
    }

    #[test]
    fn every_slip_is_told_in_chinese_and_english() {
        for (script, zh) in [
            ("fn main() { let f = |x| x; f.curry(f) }", "政策脚本中不能使用 `curry`"),
            ("fn main() { let x = 1; x. }", "点号或记录里应为字段名"),
            ("fn main() { \u{0} }", "这里不应出现 U+0000"),
            ("\u{feff}fn main() { }", "这里不应出现 U+FEFF"),
            ("fn main() { f（1) }", "这里不应出现 `（`"),
            ("fn main() { \"abc }", "文本没有结束"),
            ("fn main() { 'ab' }", "单引号里只能有一个字符"),
            ("fn main() { \"\\q\" }", "转义 `\\q` 写得不对"),
            ("fn main() { 1 === 2 }", "没有符号 `===`"),
            ("fn main() { let a = [1 2]; }", "这里应有 `,`，以分隔列表的各项"),
            ("fn main() { let a = 1 let b = 2; }", "这里应有 `;`，以结束这个语句"),
            ("fn main() { let a = (1 + 2; }", "这里应有 `)`，与前面的 ( 对应"),
            ("fn main() { #{ a 1 } }", "这里应有 `:`，字段名后面用冒号"),
            ("fn main() { #{ a: 1, a: 2 } }", "记录里的字段 `a` 重复"),
            ("fn main() { 1 + }", "这里不应出现 `}`"),
            ("fn main() { let = 1; }", "这里应为变量名"),
            ("fn main() { 1 = 2; }", "等号左边不能赋值"),
            ("fn main() { break; }", "break 和 continue 只能写在循环里"),
            ("fn main() { let new = 1; }", "`new` 是保留字，不能用在这里"),
            ("fn main(a, a) { }", "函数 `main` 的参数 `a` 重复"),
            ("fn main { }", "函数 `main` 缺少参数表"),
            ("fn () { }", "fn 后面应为函数名"),
            ("fn main() { } fn main() { }", "函数 `main` 重复定义"),
            ("fn main() { fn inner() { } }", "函数只能写在最外层"),
            ("fn main() { [1][\"a\"] }", "方括号里的下标不对"),
            ("fn main() {", "这里应有 `}`，以结束这个代码块"),
        ] {
            let (found, en, _) = told(script);
            assert_eq!(found, zh, "{script}");
            assert!(!en.is_empty() && !en.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{en}");
        }
    }

    #[test]
    fn a_sign_of_a_chinese_keyboard_comes_with_the_plain_one() {
        for (script, hint) in [
            ("fn main() { f(1，2) }", "请用半角的 `,`"),
            ("fn main() { let a = “x”; }", "请用半角的 `\"`"),
            ("fn main（) { }", "请用半角的 `(`"),
            ("fn main() { 1 === 2 }", "是不是 `==`？"),
        ] {
            assert_eq!(told(script).2.as_deref(), Some(hint), "{script}");
        }
    }
}
