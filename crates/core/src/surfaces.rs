//! What servers tell the model, as documents: read, compared, and shown.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use countersign_surface::{ExportError, Surface, drift, export, import};

use crate::{
    json::{DriftView, SurfaceView},
    lists,
};

pub use countersign_surface::Grade;

/// Why a document could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SurfaceFileError {
    /// The file could not be read.
    #[error("read {}: {message}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The file could not be written.
    #[error("write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The text is no surface.
    #[error("use {} as a surface", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ExportError,
    },
}

/// Reads a surface that was exported.
///
/// # Errors
/// [`SurfaceFileError`].
pub fn open(path: &Path) -> Result<Surface, SurfaceFileError> {
    let text = lists::read(path).map_err(|message| SurfaceFileError::Read {
        path: path.to_owned(),
        message,
    })?;
    import(&text).map_err(|source| SurfaceFileError::Invalid {
        path: path.to_owned(),
        source,
    })
}

/// Writes a surface as a document, in the place of what is there: all of it, or nothing.
///
/// # Errors
/// [`SurfaceFileError::Write`].
pub fn save(surface: &Surface, path: &Path) -> Result<(), SurfaceFileError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(export(surface).as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| SurfaceFileError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Reads a surface that was exported, as it is shown.
///
/// # Errors
/// [`SurfaceFileError`].
pub fn show(path: &Path) -> Result<SurfaceView, SurfaceFileError> {
    open(path).map(|surface| SurfaceView::of(&surface))
}

/// Compares two surfaces that were exported.
///
/// # Errors
/// [`SurfaceFileError`].
pub fn compare(before: &Path, after: &Path) -> Result<DriftView, SurfaceFileError> {
    let (before, after) = (open(before)?, open(after)?);
    Ok(DriftView::of(&before, &after, &drift(&before, &after)))
}

#[cfg(test)]
mod tests {
    use countersign_surface::{Builder, export};

    use super::{SurfaceFileError, open};

    #[test]
    fn reads_what_was_exported_and_says_why_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut builder = Builder::new();
        builder.instructions("Be kind.");
        let surface = builder.finish();
        let file = folder.path().join("a.json");
        std::fs::write(&file, export(&surface)).expect("is written");
        assert_eq!(open(&file).expect("is read"), surface);

        let missing = open(&folder.path().join("b.json"));
        assert!(matches!(missing, Err(SurfaceFileError::Read { .. })));
        let not_a_file = open(folder.path());
        assert!(matches!(not_a_file, Err(SurfaceFileError::Read { .. })));
        std::fs::write(&file, "{}").expect("is written");
        assert!(matches!(open(&file), Err(SurfaceFileError::Invalid { .. })));
        std::fs::write(&file, [0xff]).expect("is written");
        assert!(matches!(open(&file), Err(SurfaceFileError::Read { .. })));
    }
}
