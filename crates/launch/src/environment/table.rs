use countersign_model::Os;

/// Variables of the base environment that belong together.
#[derive(Clone, Copy, Debug)]
pub struct BaseGroup {
    /// What they are for, as a heading.
    pub title: &'static str,
    /// The systems where they are handed on.
    pub systems: &'static [Os],
    /// Their names; one that ends with `*` stands for all that start so.
    pub names: &'static [&'static str],
}

const EVERYWHERE: &[Os] = &Os::ALL;
const UNIX: &[Os] = &[Os::Linux, Os::Macos];
const LINUX: &[Os] = &[Os::Linux];
const MACOS: &[Os] = &[Os::Macos];
const WINDOWS: &[Os] = &[Os::Windows];

/// The base environment: what every server gets without declaring it.
pub const BASE_GROUPS: &[BaseGroup] = &[
    BaseGroup {
        title: "Where programs are",
        systems: EVERYWHERE,
        names: &["PATH"],
    },
    BaseGroup {
        title: "User",
        systems: UNIX,
        names: &[
            "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "SHLVL", "_",
        ],
    },
    BaseGroup {
        title: "Locale and terminal",
        systems: EVERYWHERE,
        names: &[
            "LANG",
            "LANGUAGE",
            "LC_*",
            "TZ",
            "TZDIR",
            "TERM",
            "COLORTERM",
            "NO_COLOR",
        ],
    },
    BaseGroup {
        title: "Temporary folders",
        systems: EVERYWHERE,
        names: &["TMPDIR", "TMP", "TEMP"],
    },
    BaseGroup {
        title: "Folders of the desktop",
        systems: EVERYWHERE,
        names: &["XDG_*"],
    },
    BaseGroup {
        title: "Display and bus",
        systems: LINUX,
        names: &[
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "XAUTHORITY",
            "DBUS_SESSION_BUS_ADDRESS",
            "WSL_DISTRO_NAME",
            "WSL_INTEROP",
            "LOCALE_ARCHIVE",
        ],
    },
    BaseGroup {
        title: "Text encoding of the session",
        systems: MACOS,
        names: &["__CF_USER_TEXT_ENCODING"],
    },
    BaseGroup {
        title: "Proxies",
        systems: EVERYWHERE,
        names: &[
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "NODE_USE_ENV_PROXY",
        ],
    },
    BaseGroup {
        title: "Proxies, as written on Unix",
        systems: UNIX,
        names: &["http_proxy", "https_proxy", "all_proxy", "no_proxy"],
    },
    BaseGroup {
        title: "Certificate authorities",
        systems: EVERYWHERE,
        names: &[
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NIX_SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "NODE_USE_SYSTEM_CA",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "PIP_CERT",
            "GIT_SSL_CAINFO",
            "AWS_CA_BUNDLE",
            "NPM_CONFIG_CAFILE",
            "DENO_CERT",
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
            "HTTPLIB2_CA_CERTS",
            "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
        ],
    },
    BaseGroup {
        title: "Where version managers keep what they installed",
        systems: EVERYWHERE,
        names: &[
            "NVM_DIR",
            "NVM_HOME",
            "NVM_SYMLINK",
            "FNM_DIR",
            "FNM_MULTISHELL_PATH",
            "VOLTA_HOME",
            "ASDF_DIR",
            "ASDF_DATA_DIR",
            "MISE_DATA_DIR",
            "PYENV_ROOT",
            "RBENV_ROOT",
            "PNPM_HOME",
            "JAVA_HOME",
            "DOTNET_ROOT",
        ],
    },
    BaseGroup {
        title: "Windows itself",
        systems: WINDOWS,
        names: &[
            "ALLUSERSPROFILE",
            "APPDATA",
            "COMMONPROGRAMFILES",
            "COMMONPROGRAMFILES(X86)",
            "COMMONPROGRAMW6432",
            "COMPUTERNAME",
            "COMSPEC",
            "HOMEDRIVE",
            "HOMEPATH",
            "LOCALAPPDATA",
            "LOGONSERVER",
            "NUMBER_OF_PROCESSORS",
            "OS",
            "PATHEXT",
            "PROCESSOR_ARCHITECTURE",
            "PROCESSOR_ARCHITEW6432",
            "PROCESSOR_IDENTIFIER",
            "PROGRAMDATA",
            "PROGRAMFILES",
            "PROGRAMFILES(X86)",
            "PROGRAMW6432",
            "PUBLIC",
            "SESSIONNAME",
            "SYSTEMDRIVE",
            "SYSTEMROOT",
            "USERDOMAIN",
            "USERNAME",
            "USERPROFILE",
            "WINDIR",
        ],
    },
];

/// Variables that make a program load or run other code before its own; with `*` as in the base.
pub(super) const LOADERS: &[&str] = &[
    "LD_*",
    "DYLD_*",
    "GCONV_PATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "BUN_OPTIONS",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PYTHONBREAKPOINT",
    "BASH_ENV",
    "BASH_FUNC_*",
    "ENV",
    "ZDOTDIR",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "DOTNET_STARTUP_HOOKS",
    "CORECLR_PROFILER*",
    "LUA_INIT*",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
];
