//! What a process gives up for good before it parses.

/// What was given up. What is not could not be, by this kernel or platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confinement {
    pub memory: bool,
    pub files: bool,
    pub calls: bool,
}

/// Gives up files, network, programs and memory beyond the bound, as far as the kernel allows.
///
/// What cannot be given up is left: the parsers are no worse for it than inside a process that never
/// tried.
pub fn enter(memory_bytes_max: u64) -> Confinement {
    Confinement {
        memory: limits(memory_bytes_max),
        files: files(),
        calls: calls(),
    }
}

/// More than all documents of one worker take.
#[cfg(unix)]
const CPU_SECONDS_MAX: u64 = 4 * 60 * 60;

#[cfg(unix)]
fn limits(memory_bytes_max: u64) -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let to = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // no files are written, and no cores, which would hold what was read
    let _ = setrlimit(Resource::Core, to(0));
    let _ = setrlimit(Resource::Fsize, to(0));
    // one that hangs and has lost who would end it ends
    let _ = setrlimit(Resource::Cpu, to(CPU_SECONDS_MAX));
    // what is written to, and not what is only reserved
    setrlimit(Resource::Data, to(memory_bytes_max)).is_ok()
}

#[cfg(not(unix))]
fn limits(_: u64) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn files() -> bool {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus};
    let abi = ABI::V4;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|set| set.handle_access(AccessNet::from_all(abi)))
        .and_then(Ruleset::create)
        .and_then(|set| set.restrict_self());
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(not(target_os = "linux"))]
fn files() -> bool {
    false
}

/// System calls that no parser needs, and that reach beyond the process.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
const REFUSED: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_open_by_handle_at,
    libc::SYS_memfd_create,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_fchmodat,
    libc::SYS_fchownat,
    libc::SYS_truncate,
    libc::SYS_chdir,
    libc::SYS_chroot,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_kill,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_prlimit64,
];

/// Older names of some of them.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const REFUSED_OLD: &[i64] = &[
    libc::SYS_open,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_mknod,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_fork,
    libc::SYS_vfork,
];

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
const REFUSED_OLD: &[i64] = &[libc::SYS_renameat];

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
fn calls() -> bool {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};
    let arch = match std::env::consts::ARCH.try_into() {
        Ok(arch) => arch,
        Err(_) => return false,
    };
    let rules = REFUSED
        .iter()
        .chain(REFUSED_OLD)
        .map(|call| (*call, Vec::new()));
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules.collect(), SeccompAction::Allow, refuse, arch);
    let program = filter.and_then(BpfProgram::try_from);
    program.is_ok_and(|program| apply_filter(&program).is_ok())
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
fn calls() -> bool {
    false
}
