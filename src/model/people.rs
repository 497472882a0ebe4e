//! Who may do what: the people of `units.toml`, the keys by which they are known, and what their roles cover.

use super::campaign::{Campaign, Task};
use super::unit::{Body, Register, UnitIx};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What somebody may do. Every move of the table names the role that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "角色")]
pub enum Role {
    #[serde(rename = "经办")]
    Handler,
    #[serde(rename = "核查")]
    Verifier,
    #[serde(rename = "销号")]
    Closer,
    #[serde(rename = "审批")]
    Approver,
    #[serde(rename = "管理")]
    Administrator,
}

pub const ROLES: [Role; 5] =
    [Role::Handler, Role::Verifier, Role::Closer, Role::Approver, Role::Administrator];

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Role::Handler => "经办",
            Role::Verifier => "核查",
            Role::Closer => "销号",
            Role::Approver => "审批",
            Role::Administrator => "管理",
        }
    }
}

/// Somebody who acts for a unit. Entries of one name are one person.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "人员：谁可以办什么；同一个人在几个单位任职的写几条，姓名相同")]
pub struct Person {
    #[schemars(description = "姓名；同名的两个人要写得能区分，如 李伟（双山）")]
    pub name: String,
    #[schemars(description = "单位：units 里的 id、全称或别名")]
    pub unit: String,
    #[serde(default)]
    #[schemars(description = "提交用的邮箱")]
    pub emails: Vec<String>,
    #[serde(default)]
    #[schemars(description = "签名用的密钥：SSH 公钥、SHA256:… 指纹，或 OpenPGP 指纹、16 位长密钥号")]
    pub keys: Vec<Key>,
    #[schemars(description = "角色")]
    pub roles: Vec<Role>,
    /// All campaigns when absent.
    #[schemars(description = "只管这些专项（id、代码或全称）；不写是全部专项")]
    pub campaigns: Option<Vec<String>>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "从哪天起，含当天；不写不限")]
    pub from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "到哪天止，含当天；不写不限")]
    pub until: Option<NaiveDate>,
    #[schemars(description = "说明")]
    pub note: Option<String>,
}

/// A signing key as git tells it: `SHA256:…` of an SSH key, upper-case hexadecimal digits of an OpenPGP key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(description = "密钥：.pub 文件的内容、SHA256:… 指纹，或 OpenPGP 指纹、16 位长密钥号")]
pub struct Key(String);

impl TryFrom<String> for Key {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Key, Self::Error> {
        let text = text.trim();
        let key = ssh_fingerprint(text).or_else(|| ssh_public_key(text)).or_else(|| openpgp(text));
        key.map(Key).ok_or(
            "密钥的写法不对；写 SSH 公钥（ssh-ed25519 AAAA…，即 .pub 文件的内容）、SHA256:… 指纹，或 OpenPGP 的 40 位指纹、16 位长密钥号",
        )
    }
}

impl Key {
    /// Whether a fingerprint or key id that git tells is this key's. A long key id is the end of a fingerprint.
    pub fn is(&self, told: &str) -> bool {
        told == self.0 || (self.0.len() == 16 && told.len() == 40 && told.ends_with(&self.0))
    }

    fn is_same(&self, other: &Key) -> bool {
        self.is(&other.0) || other.is(&self.0)
    }
}

fn ssh_fingerprint(text: &str) -> Option<String> {
    let digest = text.strip_prefix("SHA256:")?.trim_end_matches('=');
    let bytes = STANDARD_NO_PAD.decode(digest).ok()?;
    (bytes.len() == 32).then(|| format!("SHA256:{digest}"))
}

/// The fingerprint of a line of a `.pub` file.
fn ssh_public_key(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let (kind, blob) = (words.next()?, STANDARD.decode(words.next()?).ok()?);
    let (length, rest) = blob.split_first_chunk::<4>()?;
    let inside = rest.get(..u32::from_be_bytes(*length) as usize)?;
    (inside == kind.as_bytes() && rest.len() > inside.len())
        .then(|| format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&blob))))
}

fn openpgp(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.trim_start_matches("0x").to_ascii_uppercase();
    let is_hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
    (is_hexadecimal && [16, 40, 64].contains(&digits.len())).then_some(digits)
}

/// Where and when something is done.
#[derive(Clone, Copy)]
pub struct Post<'p> {
    pub register: &'p Register,
    pub place: Place<'p>,
    pub day: NaiveDate,
}

#[derive(Clone, Copy)]
pub enum Place<'p> {
    /// `zxzz.toml`, `units.toml`
    Settings,
    /// `campaigns/<id>.toml`, and the campaign that it was so far.
    Plan { id: &'p str, campaign: Option<&'p Campaign> },
    /// A row of a unit's ledger.
    Ledger { campaign: &'p Campaign, unit: UnitIx, task: Option<&'p Task> },
}

/// Why somebody may not; the later, the less is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    Role,
    Campaign,
    Unit,
    Period,
}

impl Person {
    pub fn is_in_office(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    pub fn has_email(&self, email: &str) -> bool {
        self.emails.iter().any(|own| own.eq_ignore_ascii_case(email))
    }

    /// Whether any of what git tells of a signature is a key of this person.
    pub fn has_key(&self, told: &[String]) -> bool {
        self.keys.iter().any(|key| told.iter().any(|told| key.is(told)))
    }

    /// The rule of who may act where, in one place.
    pub fn may(&self, role: Role, post: Post) -> Result<(), Refusal> {
        if !self.roles.contains(&role) {
            Err(Refusal::Role)
        } else if !self.serves(post.place) {
            Err(Refusal::Campaign)
        } else if !self.answers(role, post) {
            Err(Refusal::Unit)
        } else if !self.is_in_office(post.day) {
            Err(Refusal::Period)
        } else {
            Ok(())
        }
    }

    /// Whether the place belongs to the person's campaigns; settings belong to all of them together.
    fn serves(&self, place: Place) -> bool {
        match place {
            Place::Settings => self.campaigns.is_none(),
            Place::Plan { campaign: Some(campaign), .. } => self.serves_campaign(campaign),
            Place::Plan { id, .. } => {
                self.campaigns.as_ref().is_none_or(|own| own.iter().any(|name| name == id))
            }
            Place::Ledger { campaign, .. } => self.serves_campaign(campaign),
        }
    }

    pub fn serves_campaign(&self, campaign: &Campaign) -> bool {
        self.campaigns.as_ref().is_none_or(|own| own.iter().any(|name| campaign.is_called(name)))
    }

    /// A handler acts for his own unit and its parts. Verifying, writing off and approving take a unit that leads the
    /// campaign or the task, or one above the ledger's unit: a unit's own word is no write-off.
    fn answers(&self, role: Role, Post { register, place, .. }: Post) -> bool {
        let Place::Ledger { campaign, unit, task } = place else { return role == Role::Administrator };
        let Some(Body::Unit(own)) = register.resolve(&self.unit) else { return false };
        let is_under = register.upwards(unit).any(|above| above == own);
        match role {
            Role::Administrator => true,
            Role::Handler => is_under,
            Role::Verifier | Role::Closer | Role::Approver => {
                let leads = campaign.lead.iter().chain(task.into_iter().flat_map(|task| &task.lead));
                let mut leads = leads.map(String::as_str);
                (is_under && own != unit)
                    || leads.any(|lead| register.upwards(own).any(|above| register.names(lead, above)))
            }
        }
    }
}

/// What two people share while both are in office: the position, in the second one's list, of an e-mail or a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Shared {
    Email(usize),
    Key(usize),
}

pub fn shared(first: &Person, second: &Person) -> Vec<Shared> {
    let begins = first.from.max(second.from);
    let ends = [first.until, second.until].into_iter().flatten().min();
    let is_apart = begins.zip(ends).is_some_and(|(begins, ends)| begins > ends);
    if is_same_name(&first.name, &second.name) || is_apart {
        return vec![];
    }
    let emails = second.emails.iter().enumerate().filter(|(_, email)| first.has_email(email));
    let keys =
        second.keys.iter().enumerate().filter(|(_, key)| first.keys.iter().any(|other| key.is_same(other)));
    emails.map(|(at, _)| Shared::Email(at)).chain(keys.map(|(at, _)| Shared::Key(at))).collect()
}

/// The people whom a cell names.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '；', ';', '/', '\n']).filter(|name| !name.trim().is_empty())
}

/// 李 四 is 李四.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    one == other || letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIbAVSUDtb8EWPd+G2ZUUlrDWv62yXI5GC7CFntMWQwq lisi";
    const FINGERPRINT: &str = "SHA256:2KKorrmD+SttSBEiHhCqtGkU/4TrD4KVO1KPQOGCHgE";

    fn key(text: &str) -> Option<Key> {
        Key::try_from(text.to_owned()).ok()
    }

    #[test]
    fn one_key_has_one_identity_however_it_is_written() {
        let whole = "0123 4567 89AB CDEF 0123  4567 89ab cdef 0123 4567";
        for (text, told, want) in [
            (ED25519, FINGERPRINT, true),
            (FINGERPRINT, FINGERPRINT, true),
            (FINGERPRINT, "SHA256:3KKorrmD+SttSBEiHhCqtGkU/4TrD4KVO1KPQOGCHgE", false),
            (whole, "0123456789ABCDEF0123456789ABCDEF01234567", true),
            ("0x89ABCDEF01234567", "0123456789ABCDEF0123456789ABCDEF01234567", true),
            ("0x89ABCDEF01234567", "89ABCDEF01234567", true),
            ("0x89ABCDEF01234567", "0123456789ABCDEF0123456789ABCDEF01234568", false),
            (whole, "89ABCDEF01234567", false),
        ] {
            assert_eq!(key(text).unwrap().is(told), want, "{text} {told}");
        }
    }

    #[test]
    fn malformed_keys_are_refused() {
        for text in [
            "",
            "SHA256:",
            "SHA256:2KKorrmD",
            "MD5:00:11",
            "ssh-ed25519",
            "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIIbAVSUDtb8EWPd+G2ZUUlrDWv62yXI5GC7CFntMWQwq",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
            "ssh-ed25519 /////w==",
            "89ABCDEF",
            "89ABCDEF0123456G",
            "李四",
        ] {
            assert_eq!(key(text), None, "{text}");
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// 民政局 leads the campaign, 交通局 one task; 养老科 is a part of 民政局, 社区 of 双山.
    fn register() -> Register {
        let unit = |id: &str, parent: &str| {
            let parent = if parent.is_empty() { String::new() } else { format!("parent = \"{parent}\"") };
            format!("[[units]]\nid = \"{id}\"\ncode = \"XX\"\nname = \"{id}\"\nkind = \"镇\"\n{parent}\n")
        };
        let text: String = [
            ("minzheng", ""),
            ("yanglaoke", "minzheng"),
            ("jiaotong", ""),
            ("shuangshan", ""),
            ("shequ", "shuangshan"),
            ("diaozhen", ""),
            ("ring", "ring"),
        ]
        .map(|(id, parent)| unit(id, parent))
        .concat();
        Register::new(toml::from_str(&text).unwrap(), Default::default())
    }

    fn campaign() -> Campaign {
        let text = "id = \"yanglao\"\ncode = \"YL\"\nname = \"养老\"\nlead = [\"minzheng\"]\nperiod = { end = 2025-12-31 }\n\
            [[tasks]]\nid = \"lu\"\ntitle = \"路\"\nlead = [\"jiaotong\"]\nresponsible = [\"diaozhen\"]\nsource = \"\"\n";
        toml::from_str(text).unwrap()
    }

    fn person(unit: &str, roles: &[Role], campaigns: Option<&[&str]>) -> Person {
        Person {
            name: "王五".to_owned(),
            unit: unit.to_owned(),
            emails: vec![],
            keys: vec![],
            roles: roles.to_vec(),
            campaigns: campaigns.map(|all| all.iter().map(|one| (*one).to_owned()).collect()),
            from: Some(day("2025-08-01")),
            until: Some(day("2025-09-30")),
            note: None,
        }
    }

    /// Who may do what in the ledger of 双山, in a task of 民政局 (none) or of 交通局.
    #[test]
    fn roles_reach_as_far_as_the_plan_and_the_units_say() {
        use Role::{Administrator, Approver, Closer, Handler, Verifier};
        let (register, campaign) = (register(), campaign());
        let unit = |id: &str| register.units.iter().position(|unit| unit.id == id).unwrap() as UnitIx;
        let no = |refusal| Err(refusal);
        for (own, has, campaigns, does, ledger, task, on, want) in [
            ("shuangshan", Handler, None, Handler, "shuangshan", false, "2025-09-01", Ok(())),
            ("shuangshan", Handler, None, Handler, "shequ", false, "2025-09-01", Ok(())),
            ("shequ", Handler, None, Handler, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("diaozhen", Handler, None, Handler, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("minzheng", Handler, None, Handler, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("shuangshan", Handler, None, Closer, "shuangshan", false, "2025-09-01", no(Refusal::Role)),
            ("shuangshan", Closer, None, Closer, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("shuangshan", Closer, None, Closer, "shequ", false, "2025-09-01", Ok(())),
            ("minzheng", Closer, None, Closer, "shuangshan", false, "2025-09-01", Ok(())),
            ("minzheng", Closer, None, Closer, "minzheng", false, "2025-09-01", Ok(())),
            ("yanglaoke", Verifier, None, Verifier, "shuangshan", false, "2025-09-01", Ok(())),
            ("jiaotong", Verifier, None, Verifier, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("jiaotong", Verifier, None, Verifier, "shuangshan", true, "2025-09-01", Ok(())),
            ("diaozhen", Approver, None, Approver, "diaozhen", true, "2025-09-01", no(Refusal::Unit)),
            ("没有局", Verifier, None, Verifier, "shuangshan", false, "2025-09-01", no(Refusal::Unit)),
            ("ring", Verifier, None, Verifier, "ring", false, "2025-09-01", no(Refusal::Unit)),
            ("minzheng", Closer, Some(&["YL"][..]), Closer, "shuangshan", false, "2025-09-01", Ok(())),
            (
                "minzheng",
                Closer,
                Some(&["daolu"]),
                Closer,
                "shuangshan",
                false,
                "2025-09-01",
                no(Refusal::Campaign),
            ),
            ("minzheng", Closer, Some(&[]), Closer, "shuangshan", false, "2025-09-01", no(Refusal::Campaign)),
            ("minzheng", Closer, None, Closer, "shuangshan", false, "2025-07-31", no(Refusal::Period)),
            ("minzheng", Closer, None, Closer, "shuangshan", false, "2025-08-01", Ok(())),
            ("minzheng", Closer, None, Closer, "shuangshan", false, "2025-09-30", Ok(())),
            ("minzheng", Closer, None, Closer, "shuangshan", false, "2025-10-01", no(Refusal::Period)),
            ("minzheng", Administrator, None, Closer, "shuangshan", false, "2025-09-01", no(Refusal::Role)),
            ("diaozhen", Administrator, None, Administrator, "shuangshan", false, "2025-09-01", Ok(())),
        ] {
            let task = task.then(|| &campaign.tasks[0]);
            let place = Place::Ledger { campaign: &campaign, unit: unit(ledger), task };
            let post = Post { register: &register, place, day: day(on) };
            let got = person(own, &[has], campaigns).may(does, post);
            assert_eq!(got, want, "{own} {has:?} {campaigns:?} does {does:?} for {ledger} on {on}");
        }
    }

    #[test]
    fn settings_are_for_those_who_manage_all_campaigns() {
        let register = register();
        let may = |campaigns: Option<&[&str]>, place| {
            let post = Post { register: &register, place, day: day("2025-09-01") };
            person("minzheng", &[Role::Administrator], campaigns).may(Role::Administrator, post)
        };
        assert_eq!(may(None, Place::Settings), Ok(()));
        assert_eq!(may(Some(&["yanglao"]), Place::Settings), Err(Refusal::Campaign));
        let campaign = campaign();
        let plan = |id| Place::Plan { id, campaign: (id == "yanglao").then_some(&campaign) };
        assert_eq!(may(Some(&["YL"]), plan("yanglao")), Ok(()));
        assert_eq!(may(Some(&["daolu"]), plan("yanglao")), Err(Refusal::Campaign));
        assert_eq!(may(Some(&["daolu"]), plan("daolu")), Ok(()));
        assert_eq!(may(Some(&["yanglao"]), plan("daolu")), Err(Refusal::Campaign));
    }

    #[test]
    fn two_people_share_nothing_at_one_time() {
        let own = |name: &str, from: &str, until: &str| Person {
            name: name.to_owned(),
            emails: vec!["A@x".to_owned()],
            keys: vec![key("0x89ABCDEF01234567").unwrap()],
            from: Some(day(from)),
            until: Some(day(until)),
            ..person("minzheng", &[], None)
        };
        let first = own("李四", "2025-01-01", "2025-06-30");
        let fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";
        for (second, want) in [
            (own("王五", "2025-06-30", "2025-12-31"), vec![Shared::Email(0), Shared::Key(0)]),
            (own("王五", "2025-07-01", "2025-12-31"), vec![]),
            (own("李 四", "2025-06-30", "2025-12-31"), vec![]),
            (
                Person {
                    emails: vec!["b@x".to_owned(), "a@X".to_owned()],
                    keys: vec![],
                    ..own("王五", "2025-06-30", "2025-12-31")
                },
                vec![Shared::Email(1)],
            ),
            (
                Person {
                    emails: vec![],
                    keys: vec![key(fingerprint).unwrap()],
                    until: None,
                    ..own("王五", "2025-01-01", "2025-01-02")
                },
                vec![Shared::Key(0)],
            ),
        ] {
            assert_eq!(shared(&first, &second), want, "{second:?}");
        }
    }
}
