//! What is wrong with the data, in words.

use zhupi_store::StoreError;

use super::Complaint;

/// The sentence for an error of the store.
pub fn complaint(error: &StoreError) -> Complaint {
    let said = |zh: &str, en: &str| Complaint::new(zh, en).detail(error);
    match error {
        StoreError::DiskFull => said("数据库所在的磁盘已满", "no room is left on the disk of the database")
            .hint("请腾出空间后再试，已有数据不受影响", "make room and try again; nothing that is stored was lost"),
        StoreError::Unreachable(_) => said("连不上数据库", "the database cannot be reached").hint(
            "请确认 PostgreSQL 已启动，地址（--database 或 ZHUPI_DATABASE_URL）正确",
            "check that PostgreSQL runs, and its address (--database or ZHUPI_DATABASE_URL)",
        ),
        StoreError::NotAdmitted(_) => {
            said("数据库不接受这个账号、密码或库名", "the database does not take this user, password or database name")
                .hint("请检查 --database 或 ZHUPI_DATABASE_URL", "check --database or ZHUPI_DATABASE_URL")
        }
        StoreError::NoData(dir) => Complaint::new(
            format!("{} 里还没有数据", dir.display()),
            format!("there is no data in {} yet", dir.display()),
        )
        .hint(
            "请用 --data 指定数据目录；首次运行 zhupi serve 会创建它",
            "name the folder with --data; the first `zhupi serve` makes it",
        ),
        StoreError::CannotOpen(_) => {
            said("数据目录里的数据库打不开", "the database in the data folder cannot be opened").hint(
                "请检查 --data 的路径，以及账号对该目录的读写权限",
                "check the path of --data, and that the account may read and write there",
            )
        }
        StoreError::Refused(_) => said("数据库拒绝了这次操作", "the database refused to do this")
            .hint("请用 zhupi verify 校验数据；设置 RUST_LOG=debug 可看到原因", SEE_WHY),
        StoreError::Damaged(_) => said("已存的数据有损坏", "what is stored is damaged").hint(
            "请用 zhupi verify 查看是哪里，再从备份恢复（zhupi restore）",
            "`zhupi verify` says where; restore a backup (`zhupi restore`)",
        ),
        StoreError::NewerSchema { found, known } => Complaint::new(
            format!("数据由更新的版本写成（结构 {found}，本程序只认到 {known}）"),
            format!("the data was written by a newer program (schema {found}, this one knows up to {known})"),
        )
        .hint("请改用更新的程序", "use the newer program"),
        StoreError::OlderSchema { found, known } => Complaint::new(
            format!("数据还是旧版结构（{found}，本程序需要 {known}）"),
            format!("the data has an older schema ({found}, this program needs {known})"),
        )
        .hint("请先启动一次 zhupi serve，数据会自动升级", "start `zhupi serve` once: it brings the data up to date"),
        StoreError::ChangedMigration(number) => Complaint::new(
            format!("数据的结构与本程序不符（第 {number} 次升级不同）"),
            format!("the data's schema is not this program's (migration {number} differs)"),
        )
        .hint("请改用写入这些数据的程序", "use the program that wrote the data"),
        StoreError::InUse(dir) => Complaint::new(
            format!("另一个 zhupi 正在使用 {}", dir.display()),
            format!("another zhupi works on {}", dir.display()),
        )
        .hint(
            "请先停止它，或用 --server 和 ZHUPI_TOKEN 通过它来操作",
            "stop it first, or speak to it with --server and ZHUPI_TOKEN",
        ),
        StoreError::ReadOnly => said("数据只能读取", "the data is open for reading only"),
        StoreError::HalfRestored => said("上一次恢复没有完成", "a restore into this store was not finished")
            .hint("请清空数据目录或数据库，再恢复一次", "empty it and restore again"),
        StoreError::NotEmpty => said("这里已经有数据", "the store is not empty").hint(
            "恢复只能写入空的数据目录或数据库：请换一个 --data 或 --database",
            "a restore needs an empty one: name another --data or --database",
        ),
        StoreError::TooLarge { max } => {
            Complaint::new(format!("文件超过 {max} 字节"), format!("the file is larger than {max} bytes"))
        }
        StoreError::Io { path, source } => Complaint::about_file(path, source),
    }
}

const SEE_WHY: &str = "check the data with `zhupi verify`; RUST_LOG=debug shows the reason";
