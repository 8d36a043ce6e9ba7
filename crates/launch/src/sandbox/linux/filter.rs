//! System calls that are refused.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, apply_filter,
};

use super::plan::Plan;

/// Calls that change what a process sees or may do, look into other processes, or reach code of the
/// kernel that servers have no use for.
const REFUSED: [i64; 46] = [
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_kcmp,
    libc::SYS_kexec_file_load,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_lookup_dcookie,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_nfsservctl,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
];

/// Calls that are said not to exist, so that libraries take another way: one hides its flags from a
/// filter, the others do what a filter does not see.
const ABSENT: [i64; 5] = [
    libc::SYS_clone3,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_userfaultfd,
];

/// Flags of `clone` that begin a view of the machine of its own.
const NEW_VIEWS: [i32; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// The bit that marks the calls of another calling convention of the same processor.
#[cfg(target_arch = "x86_64")]
const OTHER_CONVENTION: i64 = 0x4000_0000;

/// Refuses calls to this process and all that come from it.
///
/// # Errors
/// Where the kernel takes no filter.
pub(super) fn apply(plan: &Plan) -> Result<(), seccompiler::Error> {
    for (rules, code) in [(refused(plan)?, libc::EPERM), (absent(), libc::ENOSYS)] {
        let action = SeccompAction::Errno(code.unsigned_abs());
        let arch = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, action, arch)?;
        let program: BpfProgram = filter.try_into()?;
        apply_filter(&program)?;
    }
    Ok(())
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn absent() -> Rules {
    let mut rules = Rules::new();
    for call in ABSENT {
        put(&mut rules, call, Vec::new());
    }
    rules
}

fn refused(plan: &Plan) -> Result<Rules, BackendError> {
    let mut rules = Rules::new();
    for call in REFUSED {
        put(&mut rules, call, Vec::new());
    }
    let views: Result<Vec<_>, _> = NEW_VIEWS
        .into_iter()
        .map(|flag| has_flag(0, flag))
        .collect();
    put(&mut rules, libc::SYS_clone, views?);
    // Puts characters into the input of a terminal.
    let typed = condition(1, SeccompCmpOp::Eq, libc::TIOCSTI)?;
    put(
        &mut rules,
        libc::SYS_ioctl,
        vec![SeccompRule::new(vec![typed])?],
    );
    put(&mut rules, libc::SYS_socket, sockets(plan)?);
    Ok(rules)
}

/// Returns what refuses sockets of other families than those that are allowed. A pair of sockets
/// reaches nobody and is made by another call.
fn sockets(plan: &Plan) -> Result<Vec<SeccompRule>, BackendError> {
    let network = [libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
    let allowed: Vec<i32> = match (plan.is_closed, plan.is_wrapped) {
        // The network is this program's own, and empty; local sockets are those that it can see.
        (true, true) => network.into_iter().chain([libc::AF_UNIX]).collect(),
        // Local sockets lead to other programs of this machine.
        (false, _) => network.to_vec(),
        (true, false) => return Ok(Vec::new()),
    };
    let others: Result<Vec<_>, _> = allowed
        .into_iter()
        .map(|family| condition(0, SeccompCmpOp::Ne, family))
        .collect();
    Ok(vec![SeccompRule::new(others?)?])
}

fn has_flag(argument: u8, flag: i32) -> Result<SeccompRule, BackendError> {
    let mask = SeccompCmpOp::MaskedEq(flag.unsigned_abs().into());
    SeccompRule::new(vec![condition(argument, mask, flag)?])
}

fn condition<N: TryInto<i64>>(
    argument: u8,
    operator: SeccompCmpOp,
    value: N,
) -> Result<SeccompCondition, BackendError> {
    let value = value.try_into().unwrap_or_default().unsigned_abs();
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}

fn put(rules: &mut Rules, call: i64, conditions: Vec<SeccompRule>) {
    #[cfg(target_arch = "x86_64")]
    rules.insert(call | OTHER_CONVENTION, conditions.clone());
    rules.insert(call, conditions);
}
