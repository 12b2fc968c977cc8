//! What officers write, in words.

use crate::dossier::writing::{WritingForm, WritingRefused};

/// What is written, inside a sentence.
pub fn form(form: WritingForm) -> &'static str {
    match form {
        WritingForm::Draft => "dự thảo kết quả",
        WritingForm::Supplement => "yêu cầu bổ sung",
        WritingForm::Opinion => "ý kiến xử lý",
        WritingForm::Note => "ghi chú",
    }
}

/// Why what was written is not kept, and what to do.
pub fn refused(refused: WritingRefused) -> &'static str {
    match refused {
        WritingRefused::TooLong => "Nội dung dài quá 100.000 chữ, bớt đi rồi lưu lại",
        WritingRefused::NoteEmpty => "Nhập ghi chú",
        WritingRefused::NoteTooLong => "Ghi chú dài quá 2.000 chữ, tách thành nhiều ghi chú",
        WritingRefused::NotItsAuthor => "Chỉ người viết gạch bỏ được ghi chú của mình",
        WritingRefused::StruckBefore => "Ghi chú này đã được gạch bỏ trước đó",
        WritingRefused::ReasonMissing => "Ghi lý do",
    }
}
