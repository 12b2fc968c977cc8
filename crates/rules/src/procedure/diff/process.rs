//! What changed in the internal process: its steps with their ways and opinions, and its waits.

use super::{Changes, limit, paired, quoted, said};
use crate::procedure::{Consult, Process, Step, Wait};
use crate::words;

impl Changes {
    pub(super) fn of_process(&mut self, before: &Process, after: &Process) {
        let Process { decision, steps, waits } = after;
        self.text("Quyết định phê duyệt quy trình", (&before.decision, decision));
        let pairs = paired(&before.steps, steps, |step| step.id.clone());
        for step in &pairs.new {
            self.say(format!(
                "Thêm bước {}: {}, {}, {}",
                quoted(&step.name),
                words::lower_first(words::step_task(step.task)),
                words::lower_first(words::role(step.role)),
                limit(step.allowance)
            ));
        }
        for step in &pairs.gone {
            self.say(format!("Bỏ bước {}", quoted(&step.name)));
        }
        let first = |process: &Process| process.first().map(|step| (step.id.clone(), step.name.clone()));
        if let (Some((was, name)), Some((is, new))) = (first(before), first(after))
            && was != is
        {
            self.say(format!("Bước đầu tiên: {} → {}", quoted(&name), quoted(&new)));
        } else if pairs.reordered {
            self.say("Đổi thứ tự các bước".to_owned());
        }
        for (old, new) in pairs.kept {
            self.of_step((before, old), (after, new));
        }
        self.of_waits(before, after, waits);
    }

    fn of_step(&mut self, (before, old): (&Process, &Step), (after, new): (&Process, &Step)) {
        let Step { id: _, name, role, agency, allowance, task, next, back_to, consults } = new;
        let about = format!("Bước {}", quoted(name));
        if old.name != *name {
            self.say(format!("Bước {} đổi tên thành {}", quoted(&old.name), quoted(name)));
        }
        self.words(&format!("{about}, vai"), (&old.role, role), |role| {
            words::lower_first(words::role(*role))
        });
        self.words(&format!("{about}, cơ quan"), (&old.agency, agency), said::agency);
        self.limit(&format!("{about}: thời gian"), (old.allowance, *allowance));
        self.words(&format!("{about}, việc"), (&old.task, task), |task| {
            words::lower_first(words::step_task(*task))
        });
        for (what, old, new) in
            [("đường đi tiếp đến", &old.next, next), ("đường trả về", &old.back_to, back_to)]
        {
            self.of_ways(&about, what, (before, old), (after, new));
        }
        self.of_consults(&about, &old.consults, consults);
    }

    /// Ways by the names of the steps they lead to.
    fn of_ways(
        &mut self,
        about: &str,
        what: &str,
        (before, old): (&Process, &[String]),
        (after, new): (&Process, &[String]),
    ) {
        let pairs = paired(old, new, String::clone);
        for id in pairs.new {
            self.say(format!("{about}: thêm {what} {}", named(after, id)));
        }
        for id in pairs.gone {
            self.say(format!("{about}: bỏ {what} {}", named(before, id)));
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự {what} các bước, nay ưu tiên {}", named(after, &new[0])));
        }
    }

    fn of_consults(&mut self, about: &str, before: &[Consult], after: &[Consult]) {
        let pairs = paired(before, after, |asked| asked.id.clone());
        for asked in pairs.new {
            self.say(format!(
                "{about}: thêm hỏi ý kiến {} của {}, hạn trả lời {}, {}",
                quoted(&asked.question),
                said::agency(&asked.agency),
                limit(asked.allowance),
                said::clock_effect(asked.clock)
            ));
        }
        for asked in pairs.gone {
            self.say(format!("{about}: thôi hỏi ý kiến {}", quoted(&asked.question)));
        }
        for (before, after) in pairs.kept {
            let Consult { id: _, agency, question, allowance, clock } = after;
            let about = format!("{about}, ý kiến {}", quoted(question));
            self.text(&format!("{about}, câu hỏi"), (&before.question, question));
            self.words(&format!("{about}, cơ quan"), (&before.agency, agency), said::agency);
            self.limit(&format!("{about}: hạn trả lời"), (before.allowance, *allowance));
            self.words(&about, (&before.clock, clock), |effect| said::clock_effect(*effect).to_owned());
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự các ý kiến"));
        }
    }

    /// Waits have no ids: those of one kind are paired in their order.
    fn of_waits(&mut self, before: &Process, after: &Process, waits: &[Wait]) {
        let (old, new) = (numbered(&before.waits), numbered(waits));
        let pairs = paired(&old, &new, |(nth, wait)| (*nth, wait.what));
        for (_, wait) in pairs.new {
            self.say(format!(
                "Thêm lượt {}: {}, {}, {}, {}",
                said::wait(wait.what),
                begins_at(after, &wait.steps),
                limit(wait.limit),
                said::wait_exit(wait.exit),
                said::clock_effect(wait.clock)
            ));
        }
        for (_, wait) in pairs.gone {
            self.say(format!("Bỏ lượt {}", said::wait(wait.what)));
        }
        for ((_, old), (_, new)) in pairs.kept {
            let Wait { what, steps, limit, exit, clock } = new;
            let about = format!("Lượt {}", said::wait(*what));
            if old.steps != *steps {
                let (was, is) = (begins_at(before, &old.steps), begins_at(after, steps));
                self.say(format!("{about}: {was} → {is}"));
            }
            self.limit(&format!("{about}: hạn"), (old.limit, *limit));
            self.words(&about, (&old.exit, exit), |exit| said::wait_exit(*exit).to_owned());
            self.words(&about, (&old.clock, clock), |effect| said::clock_effect(*effect).to_owned());
        }
        if pairs.reordered {
            self.say("Đổi thứ tự các lượt chờ".to_owned());
        }
    }
}

fn numbered(waits: &[Wait]) -> Vec<(usize, &Wait)> {
    waits
        .iter()
        .enumerate()
        .map(|(nth, wait)| (waits[..nth].iter().filter(|other| other.what == wait.what).count(), wait))
        .collect()
}

fn begins_at(process: &Process, steps: &[String]) -> String {
    if steps.is_empty() {
        return "ở mọi bước thẩm định, xác minh, dự thảo".to_owned();
    }
    let names: Vec<String> = steps.iter().map(|id| named(process, id)).collect();
    format!("ở bước {}", names.join(", "))
}

fn named(process: &Process, id: &str) -> String {
    quoted(process.step(id).map_or(id, |step| &step.name))
}
