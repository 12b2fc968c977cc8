//! The officers of the demonstration: every role in two communes, the province's centre, and the
//! departments that settle, are asked or keep watch. Names are invented.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::Timestamp;
use pdf::certificate::Holder;
use rules::id::{AgencyId, OfficerId};
use rules::people::{Post, Role};
use store::people::{KeptUnit, Officer, add_officer};
use store::signing::{KeyHolder, SoftwareKey, put_key};
use store::time::new_id;
use store::{Db, people};

use super::PASSWORD;
use super::authority::Authority;

/// An agency of the demonstration and those who work there.
#[derive(Debug)]
pub(super) struct House {
    /// The unit's key in the sample tree.
    unit: &'static str,
    /// As the welcome names it.
    pub(super) name: &'static str,
    pub(super) people: &'static [Account],
}

/// One account.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    role: Role,
}

const fn account(login: &'static str, name: &'static str, title: &'static str, role: Role) -> Account {
    Account { login, name, title, role }
}

/// Officers work at the committee itself: procedures of a commune are settled where they are received.
pub(super) const HOUSES: [House; 8] = [
    House {
        unit: "xa-yen-binh-2025",
        name: "UBND xã Yên Bình",
        people: &[
            account("quay.yenbinh", "Lò Thị Mây", "Công chức tiếp nhận", Role::Counter),
            account("chuyenvien.yenbinh", "Hoàng Văn Tuệ", "Công chức tư pháp - hộ tịch", Role::Specialist),
            account("truongphong.yenbinh", "Nông Thị Hiên", "Trưởng phòng Văn hóa - Xã hội", Role::Head),
            account("lanhdao.yenbinh", "Vi Đức Thịnh", "Phó Chủ tịch", Role::Leader),
            account("vanthu.yenbinh", "Đặng Thu Hà", "Văn thư", Role::Clerk),
            account("chuyenvien2.yenbinh", "Sầm Văn Páo", "Công chức văn hóa - xã hội", Role::Specialist),
        ],
    },
    House {
        unit: "xa-thac-may-2025",
        name: "UBND xã Thác Mây",
        people: &[
            account("quay.thacmay", "Giàng A Chư", "Công chức tiếp nhận", Role::Counter),
            account("chuyenvien.thacmay", "Phùng Thị Nhàn", "Công chức tư pháp - hộ tịch", Role::Specialist),
            account("truongphong.thacmay", "Lý Văn Khương", "Trưởng phòng Văn hóa - Xã hội", Role::Head),
            account("lanhdao.thacmay", "Triệu Thị Sim", "Chủ tịch", Role::Leader),
            account("vanthu.thacmay", "Bàn Văn Lẩy", "Văn thư", Role::Clerk),
        ],
    },
    House {
        unit: "ttpvhcc-tinh-2025",
        name: "Trung tâm Phục vụ hành chính công tỉnh",
        people: &[
            account("quay.tinh", "Mai Thanh Trúc", "Viên chức tiếp nhận", Role::Counter),
            account("giamdoc.tinh", "Nguyễn Khắc Hòa", "Giám đốc Trung tâm", Role::CentreHead),
            account("buuchinh.tinh", "Lục Thị Nhung", "Nhân viên bưu chính công ích", Role::PostOffice),
            account("congquocgia", "Cổng Dịch vụ công quốc gia", "Hệ thống kết nối", Role::Gateway),
        ],
    },
    House {
        unit: "vpdkdd-2025",
        name: "Văn phòng Đăng ký đất đai",
        people: &[
            account("chuyenvien.datdai", "Tạ Quang Lộc", "Chuyên viên", Role::Specialist),
            account("truongphong.datdai", "Kiều Mạnh Hùng", "Trưởng phòng Đăng ký", Role::Head),
            account("lanhdao.datdai", "Dương Thị Thắm", "Phó Giám đốc", Role::Leader),
            account("vanthu.datdai", "Ngô Bảo Châm", "Văn thư", Role::Clerk),
        ],
    },
    House {
        unit: "cong-an-tinh-2025",
        name: "Công an tỉnh (Phòng Hồ sơ nghiệp vụ)",
        people: &[
            account("chuyenvien.congan", "Thân Văn Điềm", "Cán bộ hồ sơ", Role::Specialist),
            account("truongphong.congan", "Cao Thị Nguyệt", "Đội trưởng", Role::Head),
            account("lanhdao.congan", "Quách Đình Toại", "Phó Trưởng phòng", Role::Leader),
            account("vanthu.congan", "Hà Thị Son", "Văn thư", Role::Clerk),
        ],
    },
    House {
        unit: "so-xay-dung-2025",
        name: "Sở Xây dựng",
        people: &[account("chuyenvien.xaydung", "Tống Bá Lượng", "Chuyên viên quy hoạch", Role::Specialist)],
    },
    House {
        unit: "bhxh-tinh-2025",
        name: "Bảo hiểm xã hội tỉnh",
        people: &[
            account("chuyenvien.bhxh", "Đinh Thị Lụa", "Chuyên viên cấp thẻ", Role::Specialist),
            account("lanhdao.bhxh", "Hứa Văn Khoát", "Phó Giám đốc", Role::Leader),
            account("vanthu.bhxh", "Chu Thị Nết", "Văn thư", Role::Clerk),
        ],
    },
    House {
        unit: "p-kstthc-2025",
        name: "Phòng Kiểm soát thủ tục hành chính",
        people: &[
            account("kiemsoat", "Đoàn Thị Lĩnh", "Chuyên viên kiểm soát", Role::Auditor),
            account("quantri", "Lương Thế Kha", "Quản trị hệ thống", Role::Admin),
            // High roles take two persons.
            account("quantri2", "Tô Thị Vân", "Quản trị hệ thống", Role::Admin),
        ],
    },
];

/// Adds all officers with their keys, and the seals of their agencies, in one act.
pub(super) async fn add(db: &Db, authority: &Authority, password: &str, now: Timestamp) -> Result<()> {
    let mut reader = db.read().await?;
    let units: BTreeMap<String, KeptUnit> =
        people::units(&mut reader).await?.into_iter().map(|kept| (kept.unit.key.clone(), kept)).collect();
    drop(reader);
    let agencies: Vec<&KeptUnit> = HOUSES
        .iter()
        .map(|house| units.get(house.unit).with_context(|| format!("cây đơn vị thiếu `{}`", house.unit)))
        .collect::<Result<_>>()?;
    // One password, hashed once: argon2 is slow on purpose.
    let hash = office::people::password::hash_password(PASSWORD)?;
    let mut officers = Vec::new();
    let mut keys = Vec::new();
    for (house, agency) in HOUSES.iter().zip(&agencies) {
        for account in house.people {
            let top = top_of(&units, agency);
            let officer = officer(account, agency.id, top, &agencies, &hash, now);
            let holder = Holder::Person { name: officer.name.clone(), agency: agency.unit.name.clone() };
            let (pkcs12, label) = authority.issue(&holder, password, now)?;
            keys.push(SoftwareKey { holder: officer.id.0, holder_kind: KeyHolder::Officer, label, pkcs12 });
            officers.push(officer);
        }
        let holder = Holder::Agency { name: agency.unit.name.clone() };
        let (pkcs12, label) = authority.issue(&holder, password, now)?;
        keys.push(SoftwareKey { holder: agency.id.0, holder_kind: KeyHolder::Agency, label, pkcs12 });
    }
    let (officers, keys) = (&officers, &keys);
    db.act(|mut tx| async move {
        for officer in officers {
            add_officer(&mut tx, officer).await?;
        }
        for key in keys {
            put_key(&mut tx, key).await?;
        }
        Ok::<_, store::Error>(())
    })
    .await?;
    Ok(())
}

fn top_of(units: &BTreeMap<String, KeptUnit>, agency: &KeptUnit) -> AgencyId {
    let mut top = agency;
    while let Some(above) = top.parent.and_then(|parent| units.values().find(|unit| unit.id == parent)) {
        top = above;
    }
    top.id
}

fn officer(
    account: &Account,
    agency: AgencyId,
    top: AgencyId,
    agencies: &[&KeptUnit],
    password_hash: &str,
    now: Timestamp,
) -> Officer {
    let posts = match account.role {
        // Who controls procedures reads those of every agency.
        Role::Auditor => agencies.iter().map(|agency| Post::new(agency.id, Role::Auditor)).collect(),
        // Who keeps the system keeps it for the whole province.
        Role::Admin => [agency, top].map(|agency| Post::new(agency, Role::Admin)).into(),
        role => vec![Post::new(agency, role)],
    };
    Officer {
        id: OfficerId(new_id(now)),
        login: account.login.to_owned(),
        name: account.name.to_owned(),
        title: account.title.to_owned(),
        agency,
        password_hash: password_hash.to_owned(),
        active: true,
        posts,
    }
}

#[cfg(test)]
mod tests {
    use super::HOUSES;
    use rules::people::Role;
    use std::collections::BTreeSet;

    #[test]
    fn there_is_an_officer_of_every_role_and_no_login_twice() {
        let accounts = || HOUSES.iter().flat_map(|house| house.people);
        for role in Role::ALL {
            assert!(accounts().any(|account| account.role == role), "{role:?}");
        }
        let logins: BTreeSet<&str> = accounts().map(|account| account.login).collect();
        assert_eq!(logins.len(), accounts().count());
    }

    #[test]
    fn every_house_is_an_agency_of_today() {
        let units = crate::shipped::units().expect("the trees are whole");
        let today = jiff::civil::date(2026, 11, 21);
        for house in &HOUSES {
            let unit = units.iter().find(|unit| unit.key == house.unit).expect(house.unit);
            assert!(unit.is_valid_on(today), "{}", house.unit);
        }
    }

    #[test]
    fn names_are_in_one_normal_form() {
        for account in HOUSES.iter().flat_map(|house| house.people) {
            assert_eq!(rules::text::nfc(account.name), account.name);
        }
    }
}
