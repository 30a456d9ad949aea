//! One operation of the API: how it is routed and how it is described, said once.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, guard, web};
use shared::error::ErrorCode;
use std::any::type_name;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An argument of a handler, or all of them: what it takes from the request, and how that fails.
pub trait Describe {
    /// Says so in the operation's description.
    fn describe(operation: &mut Operation);
}

/// What a request must bring to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// The session cookie.
    Cookie,
    /// The session cookie, an access token, or both.
    CookieOrBearer,
    /// An access token.
    Bearer,
    /// An access token of the `{user_id}` of the path.
    Owner,
}

/// A parameter of the path, the query or the header.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// `path`, `query` or `header`.
    pub place: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Its JSON schema.
    pub schema: fn() -> serde_json::Value,
}

/// A wire type's schema by its name, with those that it refers to.
pub type NamedSchemas = Vec<(String, RefOr<Schema>)>;

/// What an answer's body is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A JSON object of this type.
    One(String),
    /// A JSON array of these.
    Many(String),
    /// Something else, of this media type.
    Other(&'static str),
}

/// An operation.
pub struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) id: &'static str,
    pub(crate) route: Route,
    pub(crate) summary: &'static str,
    pub(crate) access: Access,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<String>,
    /// The media types of a file that is the body.
    pub(crate) file: &'static [&'static str],
    pub(crate) status: u16,
    pub(crate) content: Content,
    /// Other media types that the answer may have.
    pub(crate) or: &'static [&'static str],
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    /// How it fails beyond what its arguments imply.
    pub(crate) failures: Vec<ErrorCode>,
    /// How its arguments fail.
    pub(crate) implied: Vec<ErrorCode>,
    pub(crate) schemas: NamedSchemas,
}

impl Operation {
    /// An operation that `handler` carries out. Its id is the handler's name; what it takes is known from the handler's arguments.
    pub fn new<F, Args>(method: Method, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        // A GET is answered to a HEAD too, without its body (RFC 9110 §9.3.2).
        let route = if method == Method::GET {
            web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
        } else {
            web::method(method.clone())
        };
        let mut operation = Self {
            method,
            path,
            id: type_name::<F>().rsplit("::").next().unwrap_or_default(),
            route: route.to(handler),
            summary: "",
            access: Access::Public,
            parameters: Vec::new(),
            body: None,
            file: &[],
            status: 200,
            content: Content::Other("application/json"),
            or: &[],
            headers: Vec::new(),
            failures: Vec::new(),
            implied: Vec::new(),
            schemas: Vec::new(),
        };
        Args::describe(&mut operation);
        operation
    }

    /// What it does, in a line.
    #[must_use]
    pub fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// What it answers when it succeeds.
    #[must_use]
    pub fn gives<T: ToSchema>(mut self, status: u16) -> Self {
        self.content = Content::One(self.schema::<T>());
        Self { status, ..self }
    }

    /// What it answers when it succeeds: an array.
    #[must_use]
    pub fn gives_list<T: ToSchema>(mut self) -> Self {
        self.content = Content::Many(self.schema::<T>());
        self
    }

    /// What it answers when it succeeds: no wire type.
    #[must_use]
    pub fn gives_other(self, media_type: &'static str) -> Self {
        Self {
            content: Content::Other(media_type),
            ..self
        }
    }

    /// The answer may be of one of these media types instead.
    #[must_use]
    pub fn or_gives(self, media_types: &'static [&'static str]) -> Self {
        Self {
            or: media_types,
            ..self
        }
    }

    /// A header of the answer, and what it says.
    #[must_use]
    pub fn header(mut self, name: &'static str, description: &'static str) -> Self {
        self.headers.push((name, description));
        self
    }

    /// How it fails, beyond what its arguments imply.
    #[must_use]
    pub fn fails(mut self, failures: &[ErrorCode]) -> Self {
        self.failures.extend_from_slice(failures);
        self
    }

    /// How an argument of it fails.
    pub(crate) fn imply(&mut self, failures: &[ErrorCode]) {
        self.implied.extend_from_slice(failures);
    }

    /// The name of a type, whose schema becomes a part of the description.
    pub(crate) fn schema<T: ToSchema>(&mut self) -> String {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        name
    }
}

/// The schema of a type that is no operation's own.
pub(crate) fn named<T: ToSchema + PartialSchema>() -> NamedSchemas {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    schemas
}
