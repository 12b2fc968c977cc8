//! What the braces of a form's defaults stand for, and the text a draft begins with.

use super::ResultContext;
use crate::forms::Answers;
use crate::{Error, Office};
use rules::words;
use std::collections::BTreeMap;

/// The facts of a dossier by the names that forms give them.
pub type Facts = BTreeMap<&'static str, String>;

impl Office {
    pub async fn result_facts(&self, context: &ResultContext) -> Result<Facts, Error> {
        let holder = &context.holder;
        let sex = holder.sex.as_deref().unwrap_or_default();
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let signer = store::people::leader_of(&mut reader, context.dossier.scope.competent, today).await?;
        let (signer_name, signer_title) = signer.unwrap_or_default();
        let number = holder.numbers.first().map(|number| number.number.clone()).unwrap_or_default();
        let told_sex = match sex {
            "nam" => "Nam",
            "nu" => "Nữ",
            _ => "",
        };
        Ok(BTreeMap::from([
            ("holder_title", if sex == "nam" { "ông" } else { "bà" }.to_owned()),
            ("holder_name", holder.name.clone()),
            ("submitter_name", holder.name.clone()),
            ("holder_born_on", holder.born_on.map(words::date).unwrap_or_default()),
            ("holder_sex", told_sex.to_owned()),
            ("holder_number", number),
            ("holder_address", holder.address.clone()),
            ("holder_phone", holder.phone.clone()),
            ("result_name", context.result_type.name.clone()),
            ("procedure_lower", context.procedure.name.to_lowercase()),
            ("dossier_code", context.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("signer_name", signer_name),
            ("signer_capacity", capacity(&signer_title)),
            ("today", words::date(today)),
        ]))
    }

    /// The text a draft begins with: the form's defaults with the facts of the dossier.
    pub async fn template_of(&self, context: &ResultContext) -> Result<Answers, Error> {
        Ok(self.sheet_of(context)?.defaults(&self.result_facts(context).await?))
    }
}

/// The lines above a signature: a deputy signs for the head.
// law: ND30-2020/PL1
fn capacity(title: &str) -> String {
    match title.strip_prefix("Phó ") {
        Some(head) => {
            let mut letters = head.chars();
            let head: String =
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            format!("KT. {head}\n{title}")
        }
        None => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::capacity;

    #[test]
    fn a_deputy_signs_for_the_head() {
        assert_eq!(capacity("Phó Chủ tịch"), "KT. Chủ tịch\nPhó Chủ tịch");
        assert_eq!(capacity("Phó giám đốc"), "KT. Giám đốc\nPhó giám đốc");
        assert_eq!(capacity("Chủ tịch"), "Chủ tịch");
    }
}
