//! What an expansion asks of a type whose methods are views.
//!
//! The type is named by way of a trait, `<Users as Instance>::Value`: of one that cannot be sent there is no such type, and so
//! the compiler does not go on to say the same of whatever holds it. What is missing stands in a trait of its own, because of
//! the conditions of the first one the compiler would name each.

/// A value that goes to the thread where its method runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to the thread that runs its views",
    label = "`{Self}` is not `Send`",
    note = "put an `Arc` where there is an `Rc`"
)]
pub trait Sent: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> Sent for T {}

/// A value that is borrowed by a coroutine, which may go on in another thread than it began in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be borrowed by a coroutine, which may go on in another thread",
    label = "`{Self}` is not `Send` and `Sync`",
    note = "put an `Arc` where there is an `Rc`, and a `Mutex`, an `RwLock` or an atomic where there is a `Cell`"
)]
pub trait Lent: Send + Sync {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync> Lent for T {}

/// The value that a method is called on.
pub trait Instance {
    /// The type itself.
    type Value;

    /// The value itself.
    fn value(self) -> Self::Value;
}

#[diagnostic::do_not_recommend]
impl<T: Sent> Instance for T {
    type Value = Self;

    fn value(self) -> Self {
        self
    }
}

/// The value that a coroutine borrows.
pub trait LentInstance {
    /// The type itself.
    type Value;

    /// The value itself.
    fn value(self) -> Self::Value;
}

#[diagnostic::do_not_recommend]
impl<T: Lent> LentInstance for T {
    type Value = Self;

    fn value(self) -> Self {
        self
    }
}
