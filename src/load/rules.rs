//! The rules that reading itself can find broken: encoding, CSV and TOML form, typed cells.

use crate::finding::{Rule, Severity};

const fn error(code: &'static str, what: &'static str, why: &'static str, fix: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, what, why, fix }
}

const fn warning(code: &'static str, what: &'static str, why: &'static str, fix: &'static str) -> Rule {
    Rule { code, severity: Severity::Warning, what, why, fix }
}

pub static NOT_UTF8: Rule = error(
    "not-utf8",
    "文件不是 UTF-8 编码。整份文件按 GB18030（含 GBK）或 UTF-16 认出的，仍会读取，但须转换；认不出的，全部数据行计为未读。",
    "Excel 另存的 CSV 常是 GBK；git 里混用编码，比对和合并都会出错，换一台电脑就成乱码。",
    "在 WPS/Excel 中另存为“CSV UTF-8（逗号分隔）”，或按提示运行 iconv 转换。",
);
pub static MISSING_HEADER: Rule = error(
    "missing-header",
    "台账是空的，第一行没有一个认得的列名，或列名之间不是英文逗号。",
    "各列按表头认，没有表头就无从读取；该文件的数据行全部计为未读。",
    "第一行写列名（编号,任务,问题描述,…），标题行、填报单位行请删去；用别的分隔符的，另存为“CSV UTF-8（逗号分隔）”。",
);
pub static MISSING_COLUMN: Rule = error(
    "missing-column",
    "表头缺少必需的列。",
    "缺编号、发现日期、完成时限或整改状态时，数据行无法成为问题，全部计为未读；缺其他必需列时，行照读，但责任和来源不明。",
    "在表头补上该列并逐行填写。",
);
pub static UNKNOWN_COLUMN: Rule = error(
    "unknown-column",
    "表头中有既不是通用列、也不是本专项自定列的列名。",
    "多半是列名写错；写错的列里的内容不会进入任何统计。",
    "改成提示的列名；确需新列的，在专项文件里加 [[columns]]。",
);
pub static DUPLICATE_COLUMN: Rule = error(
    "duplicate-column",
    "同一列名出现两次。",
    "两列各填各的，不知以哪列为准；读取时以左边的一列为准。",
    "合并成一列，删去另一列。",
);
pub static RAGGED_ROW: Rule = error(
    "ragged-row",
    "这一行的格数与表头不同，整行计为未读。",
    "多一格或少一格，后面的内容就全部错位；错位的行宁可不读，也不猜。",
    "多半是文字里有半角逗号而没有加引号：给该格加英文双引号，或改用全角逗号。",
);
pub static CONFLICT_MARKER: Rule = error(
    "conflict-marker",
    "文件里还有 git 留下的冲突标记行（<<<<<<<、=======、>>>>>>>）：两边改了同一处，合并没有做完。标记行计为未读。",
    "标记之间是同一个问题的两个版本，留哪个还没有人定；带着标记提交，台账就读不全、数不对。",
    "开头的标记写着原因。两行留下对的一行，或照两边的内容合成一行，删去三行标记，再 git add；怎么选见 docs/merge.md。",
);
pub static UNCLOSED_QUOTE: Rule = error(
    "unclosed-quote",
    "一个以英文双引号开头的格直到文件末尾都没有结束的引号，从该行到文件末尾都计为未读；在表头里的，整份未读。",
    "引号之后的所有行都被吞进这一格，后面的问题会凭空消失。",
    "在该格末尾补上引号；文字里的引号请写两遍，或用中文引号。",
);
pub static STRAY_QUOTE: Rule = error(
    "stray-quote",
    "一格的结束引号之后还有文字。",
    "不同的软件会读出不同的内容。",
    "整格用一对英文双引号括住，里面的引号写两遍，或用中文引号。",
);
pub static BLANK_ROW: Rule = warning(
    "blank-row",
    "一行只有逗号，没有任何内容。",
    "多半是在表格软件里删了内容而没有删行；不计入数据行。",
    "删去该行。",
);
pub static BAD_DATE: Rule = error(
    "bad-date",
    "日期格里不是有效日期，或不是 2025-09-30 的写法。写法不同而意思明确的（2025/9/30）照读，其余不读；发现日期或完成时限读不出的，整行计为未读。",
    "超期、时限、销号率都由日期算出，一个坏日期就使这一行算不了。",
    "写成四位年-两位月-两位日，如 2025-09-30；在 WPS/Excel 中先把该列设为文本再填。",
);
pub static BAD_NUMBER: Rule = error(
    "bad-number",
    "该格应是不带单位的数；轮次、退回次数、移交线索数、分子、分母、次数应是整数。",
    "这些数要参与统计。",
    "只写数字，没有就留空。",
);
pub static BAD_MONEY: Rule = error(
    "bad-money",
    "金额格里不是以元为单位的数。",
    "“1万元”“1,000”“1.2E+05”各软件读法不同，合计会错；台账以元为单位。",
    "只写以元为单位的数字，至多两位小数，如 10000 或 10000.50；不涉及就留空。",
);
pub static BAD_VALUE: Rule = error(
    "bad-value",
    "该格只能填规定的几个值之一。",
    "规定值参与统计，写成别的就漏统。",
    "从提示的可用值中选一个。",
);
pub static UNKNOWN_STATUS: Rule = error(
    "unknown-status",
    "整改状态不是未整改、整改中、待销号、已销号、已移交、已并案之一，整行计为未读。",
    "状态决定这一行算不算超期、能不能销号；“完成”“办结”是责任单位自己的说法，不等于销号。",
    "已整改、等待核查的写待销号；经核查同意的写已销号。",
);
pub static UNKNOWN_TASK: Rule = error(
    "unknown-task",
    "任务不是本专项方案里任务或节点的 id。",
    "任务决定责任单位和时限规则。",
    "写专项文件中该任务的 id（提示中列出）；方案写明日期的节点写节点的 id。",
);
pub static UNKNOWN_CATEGORY: Rule = error(
    "unknown-category",
    "问题类型不是本专项问题类型表里最细一级的代码。",
    "成果表按最细一级的类型统计数量。",
    "写最细一级的代码，如 （一）1.(1)①。",
);
pub static UNKNOWN_SOURCE: Rule = error(
    "unknown-source",
    "问题来源不在本专项规定的来源之列。",
    "线索数量按来源统计。",
    "从提示的来源中选一个。",
);
pub static DAMAGED_ID: Rule = error(
    "damaged-id",
    "编号像是被表格软件改坏的：成了科学计数、日期或丢了前导零的数字。",
    "改坏的编号找不回原来的问题，历史也对不上。",
    "从 git 历史或原件恢复；编号以字母开头，如 YL-SS-0007，就不会再被改坏。",
);
pub static MISSING_ID: Rule = error(
    "missing-id",
    "这一行没有编号，整行计为未读。",
    "没有编号就无法督办、销号和追溯。",
    "按“专项代码-单位代码-序号”补上编号，序号接着本台账最大的用。",
);
pub static UNKNOWN_LEDGER: Rule = error(
    "unknown-ledger",
    "台账所在的文件夹不是任何专项的 id，或文件名不是任何单位的 id；其中的数据行计为未读。",
    "台账的专项和单位由路径决定：ledgers/<专项 id>/<单位 id>.csv。",
    "改成提示的名字；新单位先登记到 units.toml，新专项先写 campaigns/<id>.toml。",
);
pub static NOT_A_FILE: Rule = error(
    "not-a-file",
    "名为 *.csv 的不是普通文件（例如是文件夹）。",
    "其中的内容不会被当作台账读取。",
    "改名，或把里面的台账移到正确的位置。",
);
pub static STRAY_FILE: Rule = warning(
    "stray-file",
    "台账文件夹里有不会被读取的表格文件。",
    "存成 xlsx 或扩展名大写的台账不进入任何统计，容易以为已经报了。",
    "另存为 <单位 id>.csv（CSV UTF-8），或移出 ledgers 文件夹。",
);
pub static CONTROL_CHARACTER: Rule = error(
    "control-character",
    "格里有看不见的字符：控制字符（如 NUL、ESC）、零宽字符、改变书写方向的字符。",
    "它们能扰乱屏幕显示，也能让两个名字看着相同而实际不同；多半是复制粘贴带进来的，或文件已损坏。",
    "删去该字符重新输入这一格。",
);
pub static OVERSIZED_CELL: Rule = warning(
    "oversized-cell",
    "一格超过 32767 个字符，表格软件会截断它。",
    "WPS/Excel 一格最多容纳 32767 个字符，保存一次内容就丢了。",
    "正文写要点，其余作为佐证附件。",
);
pub static FILE_TOO_LARGE: Rule = error(
    "file-too-large",
    "一份台账超过 4 GiB，整份未读。",
    "一个单位一个专项不会有这么多问题，多半是放错了文件。",
    "检查文件；确需这么大的，按年度或单位拆分。",
);
pub static BROKEN_CAMPAIGN: Rule = error(
    "broken-campaign",
    "台账的专项文件读不出来，台账的数据行计为未读。",
    "没有专项的任务、来源和时限规则，台账无法判读。",
    "先改好 campaigns 下该专项文件的错误。",
);
pub static TOML_SYNTAX: Rule = error(
    "toml-syntax",
    "TOML 文件有语法错误，整份读不出来。",
    "专项、单位的定义都在 TOML 里，读不出就无法判读台账。",
    "按提示的行列改正；常见的是少引号、少括号、键名写了中文（键名只用英文）、日期不存在。",
);
pub static UNKNOWN_KEY: Rule = error(
    "unknown-key",
    "TOML 文件里有不认识的键。",
    "写错的键不起作用：写错 deadline，时限就没有了。",
    "改成提示的键名，或删去。",
);
pub static BAD_TOML_VALUE: Rule = error(
    "bad-toml-value",
    "TOML 文件里缺少必需的键，或值的类型、取值不对；这一条目不起作用。",
    "缺了它，任务、时限、指标等无法计算。",
    "按提示补上或改正。",
);
pub static MALFORMED_SEAL: Rule = error(
    "malformed-seal",
    "封账的文件（ledgers/_seals.csv、ledgers/_seals/ 里的清单）有一行读不出来：表头、格数、日期、数字或校验码的写法不对。",
    "读不出的行无从核对；多半是用表格软件打开又存过。",
    "从 git 历史恢复；封账的文件只由 zxzz seal 写。",
);
pub static BAD_PERIOD: Rule = error(
    "bad-period",
    "_targets.csv 的“期间”格看不出是哪一段时间，整行计为未读。",
    "不知道是哪个月的数，就不能同目标比、同上期比。",
    "一个月写 2025-09，一个季度写 2025-Q3，一年写 2025，截至某一天的写 2025-09-15；表格软件把它改成 Sep-25 的，先把该列设为文本再填。",
);
pub static UNKNOWN_TARGET: Rule = error(
    "unknown-target",
    "_targets.csv 的“指标”格不是本专项的指标或成果表项目，整行计为未读。",
    "写错的指标不会进入任何统计，容易以为已经报了。",
    "写专项文件里 [[targets]] 或 [[results]] 的 id 或名称；zxzz targets 列出本专项的指标。",
);
pub static UNKNOWN_DUTY: Rule = error(
    "unknown-duty",
    "_duties.csv 的“事项”格不是本专项的经常性事项，也不是“零报告”，整行计为未读。",
    "写错的事项不算做过。",
    "写专项文件里 [[duties]] 的 id 或名称；没有新问题的写 零报告。",
);
pub static UNKNOWN_FILER: Rule = error(
    "unknown-filer",
    "_targets.csv 或 _duties.csv 的“单位”格不是名录里的一个单位，整行计为未读。",
    "数和事都要落到单位头上，才能通报、排名。",
    "写单位的全称、id 或别名，一行一个单位；全专项的数（只在 _targets.csv）把单位留空。",
);
pub static INCOMPLETE_FILING: Rule = error(
    "incomplete-filing",
    "_targets.csv 或 _duties.csv 的一行缺必填的格；或数值、分子、分母没有填全，或都填了，整行计为未读。",
    "缺了期间、指标、数或填报人，这一行既不能统计，也没有人负责。",
    "补填提示的那一格；数值，或分子和分母，二者选一。",
);

/// Every rule of this module.
pub static RULES: [&Rule; 36] = [
    &NOT_UTF8,
    &MISSING_HEADER,
    &MISSING_COLUMN,
    &UNKNOWN_COLUMN,
    &DUPLICATE_COLUMN,
    &RAGGED_ROW,
    &CONFLICT_MARKER,
    &UNCLOSED_QUOTE,
    &STRAY_QUOTE,
    &BLANK_ROW,
    &BAD_DATE,
    &BAD_NUMBER,
    &BAD_MONEY,
    &BAD_VALUE,
    &UNKNOWN_STATUS,
    &UNKNOWN_TASK,
    &UNKNOWN_CATEGORY,
    &UNKNOWN_SOURCE,
    &DAMAGED_ID,
    &MISSING_ID,
    &UNKNOWN_LEDGER,
    &NOT_A_FILE,
    &STRAY_FILE,
    &CONTROL_CHARACTER,
    &OVERSIZED_CELL,
    &FILE_TOO_LARGE,
    &BROKEN_CAMPAIGN,
    &TOML_SYNTAX,
    &UNKNOWN_KEY,
    &BAD_TOML_VALUE,
    &MALFORMED_SEAL,
    &BAD_PERIOD,
    &UNKNOWN_TARGET,
    &UNKNOWN_DUTY,
    &UNKNOWN_FILER,
    &INCOMPLETE_FILING,
];
