//! People, releases, files and sessions, as readers are shown them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PersonView, TextView};

/// A person in the picker.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PickedPerson {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DepartmentView {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A person as those who look after people see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdminPerson {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// What they are called, with the department where they hold.
    pub roles: Vec<TextView>,
    pub active: bool,
}

/// An open incident of any instance of the company.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdminIncident {
    pub instance: String,
    pub incident: u32,
    pub number: String,
    pub flow_title: TextView,
    pub step_title: TextView,
    pub text: TextView,
    pub opened_at: String,
}

/// Something that was tried too often, and waits until somebody has it tried again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParkedMessage {
    pub id: String,
    pub what: TextView,
    /// Of the request that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub attempts: u32,
    /// As the program told it, for whoever looks for the cause.
    pub last_error: String,
    pub last_tried_at: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReleaseView {
    pub hash: String,
    pub deployed_at: String,
    pub deployed_by: String,
    pub current: bool,
    pub summary: String,
}

/// A file that was uploaded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileView {
    pub id: String,
    pub name: String,
    pub size: u64,
    pub media_type: String,
    pub sha256: String,
}

/// Who is logged in, and what they may do beside the flows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    pub person: PersonView,
    pub company: CompanyView,
    pub roles: Vec<RoleView>,
    pub can: Vec<String>,
    pub language: String,
    pub time_zone: String,
    /// Whether this is an example company of a demo.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompanyView {
    pub id: String,
    pub name: TextView,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleView {
    pub role: String,
    pub title: TextView,
}
