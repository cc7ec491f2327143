//! What went wrong, as one type that every handler returns, and the one place where it becomes a status.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zhupi_app::access::{AccessError, LONGEST_PASSWORD, SHORTEST_PASSWORD, WeakPassword};
use zhupi_app::{AppError, FieldProblem, Problem};
use zhupi_domain::Text;

/// An answer that is not a success. Its language is chosen on the way out (`speak`).
#[derive(Debug, Clone)]
pub struct Failure(Box<Problem>);

pub type Answered<T> = Result<T, Failure>;

impl Failure {
    pub fn new(status: StatusCode, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(status.as_u16(), code, Text::new(zh, en))))
    }

    /// Says more than the title does.
    pub fn because(self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.saying(Text::new(zh, en))
    }

    /// Says more than the title does.
    pub fn saying(mut self, detail: Text) -> Self {
        self.0.detail = detail;
        self
    }

    /// Names one place of the request that is wrong.
    pub fn at(mut self, pointer: impl Into<String>, keyword: impl Into<String>, message: Text) -> Self {
        self.0.errors.push(FieldProblem { pointer: pointer.into(), keyword: keyword.into(), message });
        self
    }

    pub fn again_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    pub fn problem(&self) -> &Problem {
        &self.0
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "没有找到", "Not found")
            .because("它不存在，或者您无权查看", "It does not exist, or it is not for you")
    }

    pub fn not_logged_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_logged_in", "请先登录", "Log in first")
            .because("登录已失效或尚未登录", "There is no session, or it is over")
    }

    pub fn too_many(seconds: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "操作过于频繁", "Too many requests")
            .because(format!("请 {seconds} 秒后再试"), format!("Try again in {seconds} s"))
            .again_after(seconds)
    }

    pub fn internal() -> Self {
        Self(Box::new(Problem::internal()))
    }

    pub fn busy() -> Self {
        Self(Box::new(Problem::busy()))
    }

    /// What a bare status means: for answers that no handler of ours made.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, zh, en) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "不支持这种请求方法", "This method is not for here")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "请求内容过大", "The request is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("not_json", "请求内容须为 JSON", "The request must be JSON"),
            StatusCode::REQUEST_TIMEOUT => ("too_slow", "请求超时", "The request took too long"),
            status if status.is_client_error() => ("bad_request", "请求有误", "The request cannot be understood"),
            StatusCode::SERVICE_UNAVAILABLE => return Self::busy(),
            _ => return Self::internal(),
        };
        Self::new(status, code, zh, en)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let problem = error.problem();
        if problem.status >= 500 {
            tracing::error!(%error, code = problem.code, "a request failed");
        }
        Self(Box::new(problem))
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Store(error) => AppError::Store(error).into(),
            AccessError::Unknown => AppError::Unknown.into(),
            AccessError::Internal(message) => AppError::Internal(message).into(),
            error => Self::told(&error),
        }
    }
}

impl Failure {
    /// What somebody is told who was not let in.
    pub fn told(error: &AccessError) -> Self {
        match error {
            AccessError::LoginFailed => {
                Self::new(StatusCode::UNAUTHORIZED, "login_failed", "登录失败", "Log-in failed")
                    .because("公司、登录名或密码不正确", "Company, login or password is not right")
            }
            AccessError::TooManyAttempts { retry_after } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "尝试次数过多", "Too many attempts")
                    .because(format!("请 {retry_after} 秒后再试"), format!("Try again in {retry_after} s"))
                    .again_after(*retry_after)
            }
            AccessError::Weak(weak) => too_weak(*weak),
            AccessError::WrongPassword => {
                unprocessable("password_wrong", "原密码不正确", "The old password is not right")
            }
            AccessError::LinkExpired => Self::new(StatusCode::GONE, "link_expired", "链接已失效", "The link is over")
                .because(
                    "链接已使用或已过期，请联系管理员重新获取",
                    "It was used or is too old: ask an administrator for a new one",
                ),
            AccessError::SetUpOver => Self::new(StatusCode::GONE, "setup_over", "初始化已完成", "Set-up is over")
                .because("系统已完成初始化，请直接登录", "This house is set up already: log in"),
            AccessError::NoSuchPerson => Self::not_found(),
            AccessError::BadField { field } => bad_field(field),
            AccessError::Busy => Self::busy(),
            AccessError::Store(_) | AccessError::Unknown | AccessError::Internal(_) => Self::internal(),
        }
    }
}

fn unprocessable(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, zh, en)
}

fn too_weak(weak: WeakPassword) -> Failure {
    match weak {
        WeakPassword::TooShort => unprocessable("password_too_short", "密码太短", "The password is too short").because(
            format!("密码至少需要 {SHORTEST_PASSWORD} 个字符"),
            format!("It needs at least {SHORTEST_PASSWORD} characters"),
        ),
        WeakPassword::TooLong => unprocessable("password_too_long", "密码太长", "The password is too long").because(
            format!("密码最多 {LONGEST_PASSWORD} 个字符"),
            format!("It can have at most {LONGEST_PASSWORD} characters"),
        ),
        WeakPassword::TooCommon => unprocessable("password_too_common", "密码太常见", "The password is too common")
            .because("这个密码很容易被猜到，请换一个", "It is among the first that anybody tries: choose another one"),
    }
}

fn bad_field(field: &'static str) -> Failure {
    let pointer = format!("/{}", field.replace('.', "/"));
    let message = match field {
        "company.id" => Text::new(
            "须以小写字母开头，只含小写字母、数字、- 和 _",
            "It begins with a letter a–z and goes on with a–z, 0–9, - and _",
        ),
        "person.login" => {
            Text::new("只能使用小写字母、数字和 . - _ @ +", "Only lower-case letters, digits and . - _ @ + can be used")
        }
        _ => Text::new("不能为空，且不超过 100 个字符", "It must not be empty, nor longer than 100 characters"),
    };
    unprocessable("form_invalid", "填写有误", "Not filled in well").at(pointer, "pattern", message)
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
