//! Why a call from JavaScript is refused: the `code` of the error that it gets.

pub enum Refusal {
    /// An argument that the TypeScript side should not have sent.
    InvalidArgument,
    NoThreads,
    /// The compiler of kernels said no.
    NoCode,
    /// Node-API itself said no.
    NodeApi,
}

impl AsRef<str> for Refusal {
    fn as_ref(&self) -> &str {
        match self {
            Self::InvalidArgument => "ERR_LANEWISE_INVALID_ARG",
            Self::NoThreads => "ERR_LANEWISE_NO_THREADS",
            Self::NoCode => "ERR_LANEWISE_NO_CODE",
            Self::NodeApi => "ERR_LANEWISE_NODE_API",
        }
    }
}

pub type Result<T> = std::result::Result<T, napi::Error<Refusal>>;

pub fn invalid<T>(reason: impl Into<String>) -> Result<T> {
    Err(napi::Error::new(Refusal::InvalidArgument, reason.into()))
}

/// Turns the status of a call of Node-API into a result.
pub fn check(status: napi::sys::napi_status, call: &str) -> Result<()> {
    if status == napi::sys::Status::napi_ok {
        return Ok(());
    }
    Err(napi::Error::new(Refusal::NodeApi, format!("{call} answered {status}")))
}
