//! What is wrong with a template, for an administrator who is no programmer: the line, its text, and what the
//! typesetter did not understand there.

use pdf::print::Error;

/// Characters shown of a line.
const CHARS_SHOWN: usize = 80;

/// Why a template does not print, in a sentence that says what to do.
pub fn sentence(error: &Error, source: &str) -> String {
    match error {
        Error::Template { file, line, message, .. } => {
            let said = source.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
            let said: String = said.chars().take(CHARS_SHOWN).collect();
            let place = match (file.as_str(), said.as_str()) {
                ("form.typ", "") => format!("Dòng {line}"),
                ("form.typ", said) => format!("Dòng {line} “{said}”"),
                _ => "Phần dùng chung của mọi mẫu".to_owned(),
            };
            format!("{place}: {}. Sửa dòng này rồi xem trước lại", in_words(message))
        }
        Error::TooHard { .. } => "Mẫu chạy quá lâu hoặc cần quá nhiều bộ nhớ nên đã bị dừng. \
             Bỏ các vòng lặp không kết thúc rồi xem trước lại"
            .to_owned(),
        Error::TooManyPages { pages, .. } => {
            format!("Mẫu in ra {pages} trang, nhiều hơn mức cho phép. Bỏ đoạn lặp thừa")
        }
        Error::TooLarge { .. } => "Mẫu dài quá 256 KB. Rút ngắn lại".to_owned(),
        Error::Slot { name, .. } => {
            format!("Chỗ chừa “{name}” chưa đúng: mỗi chỗ chỉ có một, có kích thước và nằm gọn trong trang")
        }
        other => format!("Mẫu không in được: {other}. Lấy lại bản gốc rồi sửa từng phần nhỏ"),
    }
}

/// The typesetter's commonest complaints; another stands as it is, between quotation marks.
fn in_words(message: &str) -> String {
    let after = |begin: &str| message.strip_prefix(begin).map(|rest| rest.split(';').next().unwrap_or(rest));
    if let Some(name) = after("unknown variable: ") {
        return format!("không có tên “{name}”");
    }
    if let Some(key) = after("dictionary does not contain key ") {
        return format!("dữ liệu của giấy này không có mục {key}");
    }
    if let Some(wanted) = after("expected ") {
        return format!("viết chưa đúng, ở đây cần {}", named(wanted));
    }
    if message.starts_with("unclosed delimiter") {
        return "ngoặc hoặc dấu mở ở đây chưa được đóng".to_owned();
    }
    if message.starts_with("unexpected ") {
        return "có dấu hoặc chữ thừa ở đây".to_owned();
    }
    if message.contains("access denied") || message.starts_with("file not found") {
        return "mẫu chỉ đọc được dữ liệu của chính giấy này, không mở tệp nào khác".to_owned();
    }
    if message.contains("package") {
        return "mẫu không tải được phần mềm ở ngoài".to_owned();
    }
    format!("máy dàn trang báo “{message}”")
}

fn named(wanted: &str) -> &str {
    match wanted {
        "comma" => "dấu phẩy",
        "expression" => "một biểu thức",
        "closing paren" => "ngoặc đóng",
        "identifier" | "pattern" => "một tên",
        "semicolon or line break" => "xuống dòng",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use pdf::print::Error;

    fn told(line: usize, message: &str) -> String {
        let source = "#import \"/motcua.typ\": *\n#fild(\"Hồ sơ của\")\n";
        let file = if line == 0 { "motcua.typ" } else { "form.typ" }.to_owned();
        sentence(&Error::Template { form: "f".to_owned(), file, line, message: message.to_owned() }, source)
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_in_vietnamese() {
        for (line, message, begin) in [
            (2, "unknown variable: fild", "Dòng 2 “#fild(\"Hồ sơ của\")”: không có tên “fild”. Sửa"),
            (
                2,
                "dictionary does not contain key \"ten\" and no default value was specified",
                "Dòng 2 “#fild(\"Hồ sơ của\")”: dữ liệu của giấy này không có mục \"ten\"",
            ),
            (9, "unclosed delimiter", "Dòng 9: ngoặc hoặc dấu mở ở đây chưa được đóng. Sửa"),
            (1, "expected comma", "Dòng 1 “#import \"/motcua.typ\": *”: viết chưa đúng, ở đây cần dấu phẩy."),
            (2, "failed to load file (access denied)", "Dòng 2 “#fild(\"Hồ sơ của\")”: mẫu chỉ đọc được"),
            (0, "số lạ", "Phần dùng chung của mọi mẫu: máy dàn trang báo “số lạ”."),
        ] {
            let said = told(line, message);
            assert!(said.starts_with(begin), "{said}");
        }
        let form = || "f".to_owned();
        assert!(sentence(&Error::TooHard { form: form() }, "").contains("quá lâu"));
        assert!(sentence(&Error::TooManyPages { form: form(), pages: 201 }, "").contains("201 trang"));
    }
}
