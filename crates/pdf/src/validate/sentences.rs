//! The report in plain Vietnamese, as an officer reads it: what was found, what it means.

use super::{Changes, Covers, Kind, Problem, Report, SignatureReport, Verdict, Warning};
use crate::stamp::vietnam_time;

impl Report {
    /// The whole report, one sentence or two an entry, the answer first.
    pub fn sentences(&self) -> Vec<String> {
        let mut out = vec![self.verdict.sentence().to_owned()];
        out.extend(self.problems.iter().map(|problem| problem.sentence().to_owned()));
        for (index, signature) in self.signatures.iter().enumerate() {
            out.push(signature.headline(index + 1));
            out.extend(signature.details());
        }
        if !self.signatures.is_empty() {
            out.push("Việc chứng thư có bị thu hồi hay không chưa được kiểm tra ở bước này.".to_owned());
        }
        if let Some(pages) = self.pages {
            out.push(format!("Tệp có {pages} trang."));
        }
        if let Some(claim) = &self.pdfa_claim {
            out.push(format!("Tệp tự khai theo chuẩn PDF/A-{claim}; lời khai này chưa được kiểm tra."));
        }
        out
    }
}

impl Verdict {
    /// The answer in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Intact => "Tệp còn nguyên vẹn từ khi ký và mọi người ký đều được tin cậy.",
            Self::Changed => {
                "Tệp đã bị thay đổi sau khi ký hoặc chữ ký bị hỏng. Không dùng tệp này; hãy yêu cầu bản gốc."
            }
            Self::Unreadable => {
                "Không đọc được tệp đủ để kết luận. Hãy yêu cầu nộp lại tệp, hoặc nhờ người quản trị xem giúp."
            }
            Self::IntactSignerUnknown => {
                "Tệp còn nguyên vẹn từ khi ký, nhưng chưa xác nhận được người ký vì đơn vị cấp chứng thư không có trong danh sách tin cậy hoặc chứng thư không còn hiệu lực khi ký."
            }
            Self::NotSigned => "Tệp chưa có chữ ký số.",
        }
    }
}

impl SignatureReport {
    fn headline(&self, number: usize) -> String {
        let what = match self.kind {
            Kind::Signature => "Chữ ký",
            Kind::TimeStamp => "Dấu thời gian",
        };
        let who = self.signer.as_ref().map_or("không rõ người ký", |signer| signer.name.as_str());
        match (self.time, self.kind) {
            (Some(time), Kind::Signature) => {
                format!("{what} {number}: {who}, ký lúc {} theo lời khai của người ký.", vietnam_time(time))
            }
            (Some(time), Kind::TimeStamp) => format!("{what} {number}: {who}, lúc {}.", vietnam_time(time)),
            (None, _) => format!("{what} {number}: {who}, không rõ thời điểm."),
        }
    }

    fn details(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.intact {
            out.push(match self.covers {
                Covers::WholeFile => {
                    "Nội dung được ký còn nguyên vẹn; chữ ký bao trùm toàn bộ tệp.".to_owned()
                }
                _ => "Nội dung được ký còn nguyên vẹn.".to_owned(),
            });
        }
        if let Some(signer) = self.signer.as_ref().filter(|_| self.intact) {
            out.push(if self.trusted {
                format!("Chứng thư do {} cấp, thuộc danh sách tin cậy.", signer.issuer)
            } else {
                format!(
                    "Chưa xác nhận được người ký: chứng thư do {} cấp, không có trong danh sách tin cậy hoặc không có hiệu lực lúc ký.",
                    signer.issuer
                )
            });
        }
        if self.covers != Covers::Nothing && self.covers != Covers::WholeFile {
            out.push(self.after.sentence().to_owned());
        }
        let told =
            |problem: &&Problem| **problem != Problem::ChangedAfterwards || self.covers == Covers::WholeFile;
        out.extend(self.problems.iter().filter(told).map(|problem| problem.sentence().to_owned()));
        out.extend(self.warnings.iter().map(|warning| warning.sentence().to_owned()));
        out
    }
}

impl Changes {
    /// What came after a signature.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "Sau chữ ký này tệp không có thay đổi nào.",
            Self::Proof => "Sau chữ ký này chỉ có thêm dữ liệu chứng minh chữ ký hoặc mô tả tệp.",
            Self::Signatures => "Sau chữ ký này chỉ có thêm chữ ký khác.",
            Self::FormFilled => "Sau chữ ký này có ô trong biểu mẫu được điền hoặc sửa.",
            Self::Other => "Sau chữ ký này tệp đã bị thay đổi.",
        }
    }
}

impl Warning {
    /// What to look at.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FormFieldChanged => {
                "Lưu ý: giá trị trong biểu mẫu đã đổi sau khi ký. Hãy đối chiếu với bản tại thời điểm ký."
            }
            Self::LargeMarkAfterwards => {
                "Lưu ý: dấu của chữ ký thêm sau che một phần lớn của trang. Hãy xem kỹ nội dung bị che."
            }
            Self::MetadataChanged => {
                "Lưu ý: thông tin mô tả tệp đã đổi sau khi ký; nội dung các trang không đổi."
            }
            Self::NoTime => {
                "Lưu ý: chữ ký không ghi thời điểm ký, nên không xét được hiệu lực của chứng thư."
            }
        }
    }
}

impl Problem {
    /// What is wrong.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Structure(_) => "Cấu trúc tệp PDF bị hỏng.",
            Self::Encrypted => "Tệp được mã hóa, cần mật khẩu mới đọc được.",
            Self::HybridXref => "Tệp có hai bảng tra cứu khác nhau, mỗi phần mềm có thể hiển thị một kiểu.",
            Self::BrokenPages => "Danh sách trang của tệp bị hỏng.",
            Self::TrailingBytes => "Sau phần kết thúc của tệp có dữ liệu lạ được thêm vào.",
            Self::OrphanSignature => "Tệp có chữ ký bị gỡ khỏi biểu mẫu hoặc bị giấu đi.",
            Self::ByteRange => "Chữ ký không bao trùm đúng phần nội dung mà nó phải bảo vệ.",
            Self::NotARevision => "Chữ ký không bao trùm trọn vẹn một phiên bản của tệp.",
            Self::SharedSignature => "Một chữ ký được dùng lại ở nhiều chỗ.",
            Self::UnknownFormat => "Loại chữ ký này chưa được hỗ trợ kiểm tra.",
            Self::BrokenMessage(_) => "Dữ liệu chữ ký bị hỏng, không đọc được.",
            Self::WeakAlgorithm => {
                "Chữ ký dùng thuật toán đã bị phá, không còn chứng minh được tệp nguyên vẹn."
            }
            Self::UnknownAlgorithm => "Chữ ký dùng thuật toán chưa được hỗ trợ kiểm tra.",
            Self::DigestMismatch => "Nội dung đã bị sửa sau khi ký.",
            Self::SignatureMismatch => "Chữ ký không khớp với chứng thư của người ký.",
            Self::NoSignerCertificate => "Trong chữ ký không có chứng thư của người ký.",
            Self::WrongCertificate => "Chứng thư kèm theo không đúng hoặc không được dùng để ký.",
            Self::ChangedAfterwards => "Tệp đã bị thay đổi sau chữ ký này.",
        }
    }
}
