//! What goes into a statement and comes out of a row: nothing, a 64-bit integer or a text.

use std::fmt::Display;

use crate::StoreError;

/// A parameter or a column. Both engines store exactly these: BIGINT and TEXT, NULL for nothing,
/// 0 and 1 for no and yes, ids as their text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
}

impl Value {
    /// A list as one parameter (a JSON array of texts), for [`Engine::among`](crate::Engine::among).
    pub fn list<T: Display>(items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        Self::Text(serde_json::to_string(&items).expect("a list of texts is JSON"))
    }
}

/// The parameters of a statement, in the order of their first use: `params![channel, seq, None::<i64>]`.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::Value] };
    ($($value:expr),+ $(,)?) => { &[$($crate::Value::from($value)),+] as &[$crate::Value] };
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// Reads the column; `None` when it holds something else.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(*number) } else { None }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

macro_rules! id_columns {
    ($id:ty) => {
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(id.to_string())
            }
        }

        impl From<&$id> for Value {
            fn from(id: &$id) -> Self {
                Self::Text(id.to_string())
            }
        }

        impl FromValue for $id {
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Text(text) = value { text.parse().ok() } else { None }
            }
        }
    };
}
clickclack_protocol::each_id!(id_columns);

/// A row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The column at `index`, from 0. [`StoreError::Internal`] when it is none or of another type.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        self.0.get(index).and_then(T::from_value).ok_or_else(|| {
            // The value itself may be somebody's words: it stays out of the log.
            let wanted = std::any::type_name::<T>();
            StoreError::internal(format_args!("column {index} of a row is no {wanted}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clickclack_protocol::ids::{Id, UserId};

    #[test]
    fn a_row_is_read_by_type() {
        let user = UserId::from_ulid(ulid::Ulid::from_parts(7, 8));
        let row = Row(params![1_i64, true, "a", user, None::<i64>].to_vec());
        assert_eq!(row.get::<i64>(0), Ok(1));
        assert_eq!(row.get::<bool>(1), Ok(true));
        assert_eq!(row.get::<String>(2).as_deref(), Ok("a"));
        assert_eq!(row.get::<UserId>(3), Ok(user));
        assert_eq!(row.get::<Option<UserId>>(3), Ok(Some(user)));
        assert_eq!(row.get::<Option<String>>(4), Ok(None));
        assert_eq!(row.get::<i64>(2), Err(StoreError::Internal));
        assert_eq!(row.get::<i64>(4), Err(StoreError::Internal));
        assert_eq!(row.get::<i64>(5), Err(StoreError::Internal));
        assert_eq!(row.get::<UserId>(2), Err(StoreError::Internal));
    }

    #[test]
    fn a_list_is_one_parameter() {
        assert_eq!(Value::list(["a", "b\""]), Value::Text(r#"["a","b\""]"#.into()));
    }
}
