"""Configuration values of the vpc-cni add-on."""

from typing import Any

from pulumi import Output

from local.pulumi_eks.inputs import Inputs, Problems, Value, whole

# Option, variable of the plugin's container, value without the option. Later lines win, as in the original.
ENVIRONMENT = (
    ("nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT", None),
    ("customNetworkConfig", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", None),
    ("warmIpTarget", "WARM_IP_TARGET", None),
    ("warmPrefixTarget", "WARM_PREFIX_TARGET", None),
    ("enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION", None),
    ("logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"),
    ("logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"),
    ("vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"),
    ("eniMtu", "AWS_VPC_ENI_MTU", "9001"),
    ("eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF", None),
    ("pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"),
    ("pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"),
    ("enablePodEni", "ENABLE_POD_ENI", "false"),
    ("cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", None),
    ("cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"),
    ("cniExternalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"),
    ("externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", None),
)

# The same for the init container.
INIT_ENVIRONMENT = (("disableTcpEarlyDemux", "DISABLE_TCP_EARLY_DEMUX", "false"),)

OPTIONS = (
    "addonVersion",
    "configurationValues",
    "enableNetworkPolicy",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "serviceAccountRoleArn",
    "warmEniTarget",
    *(option for option, _, _ in (*ENVIRONMENT, *INIT_ENVIRONMENT)),
)
"""The options of vpc-cni."""


def check(options: Inputs, problems: Problems) -> None:
    """Note what is wrong with the options."""
    if options.get("cniExternalSnat") and options.get("externalSnat"):
        problems.add("vpcCniOptions.externalSnat", "it means the same as cniExternalSnat; give one of them")


def configuration(options: Inputs) -> Output[dict[str, Any]]:
    """The configuration values: those given, over the environment that options and defaults make."""
    warm: Output[Value] = Output.from_input(options.get("warmEniTarget", 1))
    return Output.all(
        values=options.get("configurationValues") or {},
        policy=options.get("enableNetworkPolicy"),
        # The one option for which 0 means 0 and not its default.
        env={"WARM_ENI_TARGET": warm.apply(_text), **_environment(options, ENVIRONMENT)},
        init=_environment(options, INIT_ENVIRONMENT),
    ).apply(lambda known: _configuration(**known))


def _configuration(
    values: dict[str, Any], policy: bool | None, env: dict[str, str], init: dict[str, str]
) -> dict[str, Any]:
    made: dict[str, Any] = {} if policy is None else {"enableNetworkPolicy": _text(policy)}
    given_init = values.get("init") or {}
    return {
        **made,
        **values,
        "env": {**env, **(values.get("env") or {})},
        "init": {**given_init, "env": {**init, **(given_init.get("env") or {})}},
    }


def _environment(options: Inputs, table: tuple[tuple[str, str, str | None], ...]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for option, variable, default in table:
        value = options.get(option)
        if isinstance(value, Output) or value:
            made[variable] = Output.from_input(value).apply(_text)
        elif default is not None:
            made[variable] = default
    return made


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(whole(value))
