//! The macro that puts a folder into the program.

/// The files of a folder as part of the program, for [`add_static_view`](crate::Configurator::add_static_view). The folder's path is
/// relative to that of the package; all that is in it is read when the program is compiled, and a debug build has it too.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// fn includeme(config: &mut Configurator) -> Result<()> {
///     config.add_static_view("guide", aiopyramid::embedded!("src/guide"));
///     Ok(())
/// }
/// # let mut config = Configurator::new();
/// # config.include(includeme)?;
/// # config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
#[macro_export]
macro_rules! embedded {
    ($folder:tt) => {{
        #[derive($crate::__private::rust_embed::RustEmbed)]
        #[folder = $folder]
        #[crate_path = "::aiopyramid::__private::rust_embed"]
        struct Files;
        $crate::asset::Embedded::new::<Files>($folder)
    }};
}
