package aws

import "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

// fields are the properties whose names or values differ from what the bridge makes of Terraform's.
type fields = map[string]*tfbridge.SchemaInfo

// resource returns a resource of a module of the package: "aws:ec2/routeTable:RouteTable".
func resource(module, name string, differences fields) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource("aws", module, name), Fields: differences}
}

// function returns a data source of a module of the package: "aws:ec2/getVpc:getVpc".
func function(module, name string, differences fields) *tfbridge.DataSourceInfo {
	return &tfbridge.DataSourceInfo{Tok: tfbridge.MakeDataSource("aws", module, name), Fields: differences}
}

// named keeps a name that the bridge would make plural.
func named(name string) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Name: name}
}

// one is a list that never has more than one element, although Terraform does not say so.
func one(name string) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Name: name, MaxItemsOne: tfbridge.True()}
}

// resources maps the types of Terraform to those of the package.
func resources() map[string]*tfbridge.ResourceInfo {
	return map[string]*tfbridge.ResourceInfo{
		"aws_cloudwatch_log_group":            resource("cloudwatch", "LogGroup", nil),
		"aws_default_security_group":          resource("ec2", "DefaultSecurityGroup", fields{"ingress": named("ingress"), "egress": named("egress")}),
		"aws_ec2_tag":                         resource("ec2", "Tag", nil),
		"aws_eip":                             resource("ec2", "Eip", nil),
		"aws_eks_access_entry":                resource("eks", "AccessEntry", nil),
		"aws_eks_access_policy_association":   resource("eks", "AccessPolicyAssociation", nil),
		"aws_eks_addon":                       resource("eks", "Addon", nil),
		"aws_eks_cluster":                     resource("eks", "Cluster", fields{"certificate_authority": one("certificateAuthority")}),
		"aws_eks_node_group":                  resource("eks", "NodeGroup", fields{"node_group_name": tfbridge.AutoName("nodeGroupName", maxNameLength, "-")}),
		"aws_eks_pod_identity_association":    resource("eks", "PodIdentityAssociation", nil),
		"aws_flow_log":                        resource("ec2", "FlowLog", nil),
		"aws_iam_instance_profile":            resource("iam", "InstanceProfile", nil),
		"aws_iam_openid_connect_provider":     resource("iam", "OpenIdConnectProvider", nil),
		"aws_iam_policy":                      resource("iam", "Policy", nil),
		"aws_iam_role":                        resource("iam", "Role", fields{"name": tfbridge.AutoName("name", 64, "-")}),
		"aws_iam_role_policy":                 resource("iam", "RolePolicy", nil),
		"aws_iam_role_policy_attachment":      resource("iam", "RolePolicyAttachment", nil),
		"aws_internet_gateway":                resource("ec2", "InternetGateway", nil),
		"aws_kms_alias":                       resource("kms", "Alias", nil),
		"aws_kms_key":                         resource("kms", "Key", nil),
		"aws_launch_template":                 resource("ec2", "LaunchTemplate", nil),
		"aws_nat_gateway":                     resource("ec2", "NatGateway", nil),
		"aws_route":                           resource("ec2", "Route", nil),
		"aws_route_table":                     resource("ec2", "RouteTable", nil),
		"aws_route_table_association":         resource("ec2", "RouteTableAssociation", nil),
		"aws_security_group":                  resource("ec2", "SecurityGroup", fields{"ingress": named("ingress"), "egress": named("egress")}),
		"aws_security_group_rule":             resource("ec2", "SecurityGroupRule", nil),
		"aws_ssm_parameter":                   resource("ssm", "Parameter", nil),
		"aws_subnet":                          resource("ec2", "Subnet", nil),
		"aws_vpc":                             resource("ec2", "Vpc", nil),
		"aws_vpc_endpoint":                    resource("ec2", "VpcEndpoint", nil),
		"aws_vpc_ipv4_cidr_block_association": resource("ec2", "VpcIpv4CidrBlockAssociation", nil),
		"aws_vpc_security_group_egress_rule":  resource("vpc", "SecurityGroupEgressRule", nil),
		"aws_vpc_security_group_ingress_rule": resource("vpc", "SecurityGroupIngressRule", nil),
	}
}

// functions maps the data sources of Terraform to the functions of the package.
func functions() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"aws_ami":                 function("ec2", "getAmi", nil),
		"aws_availability_zones":  function("index", "getAvailabilityZones", nil),
		"aws_caller_identity":     function("index", "getCallerIdentity", nil),
		"aws_eks_addon_version":   function("eks", "getAddonVersion", nil),
		"aws_eks_cluster":         function("eks", "getCluster", fields{"vpc_config": one("vpcConfig")}),
		"aws_eks_cluster_auth":    function("eks", "getClusterAuth", nil),
		"aws_iam_policy_document": function("iam", "getPolicyDocument", nil),
		"aws_partition":           function("index", "getPartition", nil),
		"aws_region":              function("index", "getRegion", nil),
		"aws_route_table":         function("ec2", "getRouteTable", nil),
		"aws_ssm_parameter":       function("ssm", "getParameter", nil),
		"aws_subnet":              function("ec2", "getSubnet", nil),
		"aws_subnets":             function("ec2", "getSubnets", nil),
		"aws_vpc":                 function("ec2", "getVpc", nil),
		"aws_vpc_endpoint":        function("ec2", "getVpcEndpoint", nil),
	}
}
